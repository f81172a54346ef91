// Package charts holds the tests of what is installed on a cluster: the chart, its dashboards and alerts, the customizations of
// Argo CD, the examples. charts/check runs them.
package charts

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const (
	chart   = "../modelfamily-operator"
	release = "modelfamily"
	system  = "modelfamily-system"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// helm runs the pinned Helm and returns what it prints on standard output and on standard error.
func helm(t *testing.T, arguments ...string) (string, string, error) {
	t.Helper()
	program := os.Getenv("HELM")
	if program == "" {
		t.Fatal("HELM does not name a program: run charts/check, which builds it")
	}
	var out, err bytes.Buffer
	command := exec.Command(program, arguments...)
	command.Stdout, command.Stderr = &out, &err
	failure := command.Run()
	return out.String(), err.String(), failure
}

var renderings = map[string]string{}

// render is the chart as Helm renders it without a cluster; the same arguments are rendered once.
func render(t *testing.T, arguments ...string) string {
	t.Helper()
	key := strings.Join(arguments, " ")
	if rendered, known := renderings[key]; known {
		return rendered
	}
	out, err, failure := helm(t, append([]string{"template", release, chart, "-n", system}, arguments...)...)
	if failure != nil {
		t.Fatalf("helm template %v: %v\n%s", arguments, failure, err)
	}
	renderings[key] = out
	return out
}

// valueSets are the names of the files in values, each with what it renders to.
func valueSets(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("values/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sets of values: %v", err)
	}
	sets := map[string]string{}
	for _, file := range files {
		sets[strings.TrimSuffix(filepath.Base(file), ".yaml")] = render(t, "-f", file)
	}
	return sets
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// compare holds got against the golden file, or writes it with -update.
func compare(t *testing.T, golden, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatalf("%v; charts/check --update writes it", err)
	}
	if string(want) != got {
		t.Errorf("%s differs; if the new text is right, run charts/check --update\n%s", golden, firstDifference(string(want), got))
	}
}

func firstDifference(want, got string) string {
	wanted, found := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := 0; i < len(wanted) || i < len(found); i++ {
		w, g := "(end)", "(end)"
		if i < len(wanted) {
			w = wanted[i]
		}
		if i < len(found) {
			g = found[i]
		}
		if w != g {
			return "line " + itoa(i+1) + "\n  golden: " + w + "\n  now:    " + g
		}
	}
	return "no line differs"
}

var (
	certificate = regexp.MustCompile(`(?m)^(  (?:ca\.crt|tls\.crt|tls\.key): )\S+$`)
	dashboard   = regexp.MustCompile(`(?m)^(  modelfamily-[a-z]+\.json: \|\n)(?:    .*\n)+`)
)

// stable is a rendering without what differs from one to the next, and without the text of the dashboards.
func stable(rendered string) string {
	rendered = certificate.ReplaceAllString(rendered, "${1}(made when installed)")
	return dashboard.ReplaceAllString(rendered, "${1}    (the file of this name)\n")
}
