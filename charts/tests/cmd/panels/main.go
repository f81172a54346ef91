// Command panels asks a Prometheus server every query of the dashboards about one family, and fails where one has no answer.
package main

import (
	"flag"
	"fmt"
	"os"

	"modelfamily.dev/charts/panels"
)

func main() {
	server := flag.String("prometheus", "http://127.0.0.1:9090", "the server's address")
	folder := flag.String("dashboards", "../modelfamily-operator/dashboards", "the folder of the dashboards")
	namespace := flag.String("namespace", "default", "the family's namespace")
	family := flag.String("family", "", "the family's name")
	window := flag.String("window", "5m", "what stands for $__rate_interval and $__range: at least four scrapes")
	flag.Parse()

	queries, err := panels.Queries(*folder)
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(66)
	}
	passed, failed := 0, 0
	for _, query := range queries {
		if err := query.Check(*server, *namespace, *family, *window); err != nil {
			failed++
			fmt.Printf("FAIL %s / %s: %v\n     %s\n", query.Dashboard, query.Panel, err, query.Filled(*namespace, *family, *window))
		} else {
			passed++
		}
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 || passed == 0 {
		os.Exit(1)
	}
}
