package charts

import (
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"modelfamily.dev/charts/panels"
)

const dashboards = chart + "/dashboards"

var (
	listed = regexp.MustCompile("(?m)^\\| `([a-z0-9_]+)` \\| (\\w+) \\|")
	named  = regexp.MustCompile(`\b(?:modelfamily|reconciliations|jvm|process)_[a-z_]+\b`)
	suffix = regexp.MustCompile(`_(bucket|sum|count)$`)
)

// knownMetrics are the names in docs/reference/metrics.md.
func knownMetrics(t *testing.T) map[string]bool {
	t.Helper()
	known := map[string]bool{}
	for _, row := range listed.FindAllStringSubmatch(read(t, "../../docs/reference/metrics.md"), -1) {
		known[row[1]] = true
	}
	return known
}

// metricsIn are the names of metrics that the text speaks of; those of the parts of a histogram count as the histogram.
func metricsIn(text string) []string {
	names := map[string]bool{}
	for _, name := range named.FindAllString(text, -1) {
		names[suffix.ReplaceAllString(name, "")] = true
	}
	return slices.Sorted(maps.Keys(names))
}

func TestDashboardsAskOnlyForMetricsThatAreListed(t *testing.T) {
	known := knownMetrics(t)
	queries, err := panels.Queries(dashboards)
	if err != nil {
		t.Fatal(err)
	}
	asked := map[string]bool{}
	for _, query := range queries {
		for _, name := range metricsIn(query.Expr) {
			asked[name] = true
			if !known[name] {
				t.Errorf("%s / %s: %s is not in docs/reference/metrics.md", query.Dashboard, query.Panel, name)
			}
		}
	}
	alerts := metricsIn(read(t, rules))
	for _, name := range alerts {
		if !known[name] {
			t.Errorf("alerts.yaml: %s is not in docs/reference/metrics.md", name)
		}
	}
	for name := range known {
		if !asked[name] && !slices.Contains(alerts, name) {
			t.Logf("no dashboard and no alert asks for %s", name)
		}
	}
}

func TestTheSamplesHaveEveryMetricThatIsListed(t *testing.T) {
	samples := metricsIn(read(t, "testdata/operator.prom") + read(t, "testdata/trainer.prom"))
	known := slices.Sorted(maps.Keys(knownMetrics(t)))
	if !slices.Equal(samples, known) {
		t.Errorf("the samples have\n%v\nand docs/reference/metrics.md lists\n%v", samples, known)
	}
}

func TestDashboardsAreWellMade(t *testing.T) {
	files, err := filepath.Glob(dashboards + "/*.json")
	if err != nil {
		t.Fatal(err)
	}
	uids := map[string]bool{}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			dashboard, err := panels.Read(file)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(dashboard.UID, "modelfamily-") || uids[dashboard.UID] {
				t.Errorf("uid %q is not one of its own", dashboard.UID)
			}
			uids[dashboard.UID] = true
			taken, ids := map[[2]int]string{}, map[int]bool{}
			for _, panel := range dashboard.Panels {
				if ids[panel.ID] {
					t.Errorf("%s: id %d is taken", panel.Title, panel.ID)
				}
				ids[panel.ID] = true
				if panel.Title == "" || panel.Type != "row" && (len(panel.Targets) == 0 || panel.Datasource.UID != "${datasource}") {
					t.Errorf("panel %d %q lacks a title, a query or the variable data source", panel.ID, panel.Title)
				}
				grid := panel.GridPos
				if grid.W < 1 || grid.H < 1 || grid.X < 0 || grid.X+grid.W > 24 {
					t.Errorf("%s: %+v is outside of the grid", panel.Title, grid)
				}
				for x := grid.X; x < grid.X+grid.W; x++ {
					for y := grid.Y; y < grid.Y+grid.H; y++ {
						if other := taken[[2]int{x, y}]; other != "" {
							t.Fatalf("%s lies on %s", panel.Title, other)
						}
						taken[[2]int{x, y}] = panel.Title
					}
				}
			}
		})
	}
}

// exposition serves a sample as an exporter would; $n grows with each scrape.
func exposition(t *testing.T, sample string) *httptest.Server {
	text := read(t, sample)
	var scrapes atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, strings.ReplaceAll(text, "$n", fmt.Sprint(scrapes.Add(1))))
	}))
	t.Cleanup(server.Close)
	return server
}

// prometheus starts a server that scrapes an operator and a trainer in the way that the chart's monitors say, and waits until it
// has seen each some times.
func prometheus(t *testing.T) string {
	t.Helper()
	operator, trainer := exposition(t, "testdata/operator.prom"), exposition(t, "testdata/trainer.prom")
	folder := t.TempDir()
	config := fmt.Sprintf(`
global: {scrape_interval: 250ms, scrape_timeout: 250ms}
scrape_configs:
  - job_name: operator
    honor_labels: true
    static_configs: [{targets: [%q], labels: {namespace: %s, pod: operator-0}}]
  - job_name: trainer
    static_configs: [{targets: [%q], labels: {namespace: models, pod: medium-1, family: smollm2, member: medium}}]
`, operator.Listener.Addr(), system, trainer.Listener.Addr())
	if err := os.WriteFile(filepath.Join(folder, "prometheus.yml"), []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	log, err := os.Create(filepath.Join(folder, "log"))
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command("prometheus", "--config.file="+filepath.Join(folder, "prometheus.yml"),
		"--storage.tsdb.path="+filepath.Join(folder, "data"), "--web.listen-address="+address)
	command.Stdout, command.Stderr = log, log
	if err := command.Start(); err != nil {
		t.Fatalf("prometheus does not start: %v", err)
	}
	t.Cleanup(func() {
		command.Process.Kill()
		command.Wait()
	})
	server := "http://" + address
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(200 * time.Millisecond) {
		seen, err := panels.Ask(server, `count_over_time(up{job="operator"}[1m]) > 4 and on () count_over_time(up{job="trainer"}[1m]) > 4`)
		if err == nil && len(seen) == 1 {
			return server
		}
		if time.Now().After(deadline) {
			t.Fatalf("prometheus has not scraped: %v\n%s", err, read(t, log.Name()))
		}
	}
}

func TestEveryQueryOfTheDashboardsHasAnAnswer(t *testing.T) {
	queries, err := panels.Queries(dashboards)
	if err != nil {
		t.Fatal(err)
	}
	server := prometheus(t)
	for _, query := range queries {
		t.Run(query.Dashboard+"_"+query.Panel, func(t *testing.T) {
			if err := query.Check(server, "models", "smollm2", "1m"); err != nil {
				t.Errorf("%v\n%s", err, query.Filled("models", "smollm2", "1m"))
			}
		})
	}
}
