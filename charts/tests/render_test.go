package charts

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func itoa(i int) string { return strconv.Itoa(i) }

func TestEachSetOfValuesRendersToItsGoldenFile(t *testing.T) {
	for name, rendered := range valueSets(t) {
		t.Run(name, func(t *testing.T) {
			compare(t, filepath.Join("golden", name+".yaml"), stable(rendered))
		})
	}
}

func TestHelmLintsTheChartWithoutAWarning(t *testing.T) {
	for name := range valueSets(t) {
		t.Run(name, func(t *testing.T) {
			out, err, failure := helm(t, "lint", "--strict", chart, "-n", system, "-f", "values/"+name+".yaml")
			if failure != nil || strings.Contains(out, "[WARNING]") {
				t.Errorf("%v\n%s%s", failure, out, err)
			}
		})
	}
}

func TestTheDefinitionIsTheGeneratedOneAndStaysWhenTheChartGoes(t *testing.T) {
	source := read(t, "../../crds/modelfamilies.modelfamily.dev.yaml")
	rendered := render(t, "--show-only", "templates/crd.yaml")
	const name = "metadata:\n  name: modelfamilies.modelfamily.dev\n"
	at := strings.Index(source, name) + len(name)
	head, tail := source[:at], source[at:]
	begin, end := strings.Index(rendered, head), strings.LastIndex(rendered, strings.TrimSpace(tail))
	if begin < 0 || end < 0 {
		t.Fatalf("the rendered definition is not the text of crds/modelfamilies.modelfamily.dev.yaml")
	}
	added := rendered[begin+len(head) : end]
	for _, line := range strings.Split(strings.TrimRight(added, "\n"), "\n") {
		if !strings.HasPrefix(line, "  annotations:") && !strings.HasPrefix(line, "  labels:") && !strings.HasPrefix(line, "    ") {
			t.Errorf("besides annotations and labels, this was added: %q", line)
		}
	}
	if !strings.Contains(added, "    helm.sh/resource-policy: keep\n") {
		t.Errorf("the definition would be removed with the chart, and all families with it: %q", added)
	}
}

func TestWithoutTheSwitchThereIsNoDefinition(t *testing.T) {
	if strings.Contains(render(t, "--set", "crds.enabled=false"), "kind: CustomResourceDefinition") {
		t.Error("crds.enabled=false renders the definition all the same")
	}
}

func TestEachDashboardIsInItsConfigMap(t *testing.T) {
	files, err := filepath.Glob(chart + "/dashboards/*.json")
	if err != nil || len(files) < 3 {
		t.Fatalf("dashboards: %v %v", files, err)
	}
	maps := map[string]string{}
	for _, object := range objects(t, render(t, "-f", "values/everything.yaml")) {
		if object.GetKind() == "ConfigMap" {
			if object.GetLabels()["grafana_dashboard"] != "1" {
				t.Errorf("%s lacks the label that Grafana's sidecar looks for", object.GetName())
			}
			for key, text := range object.Object["data"].(map[string]any) {
				maps[key] = text.(string)
			}
		}
	}
	for _, file := range files {
		if maps["modelfamily-"+filepath.Base(file)] != read(t, file) {
			t.Errorf("%s is not in a ConfigMap as it is", file)
		}
	}
}

func TestBadValuesAreRefusedWithASentence(t *testing.T) {
	for _, bad := range []struct{ name, value, message string }{
		{"a number in words", "replicas=two", "at '/replicas': got string, want integer"},
		{"a misspelt value", "replica=2", "additional properties 'replica' not allowed"},
		{"a misspelt value inside", "image.registry=x", "at '/image': additional properties 'registry' not allowed"},
		{"too many replicas", "replicas=99", "at '/replicas': maximum: got 99, want 10"},
		{"an unknown way to a certificate", "progress.certificate=none", "at '/progress/certificate': value must be one of"},
		{"a certificate without its Secret", "progress.certificate=secret", "progress.secretName: name the Secret"},
		{"a namespace in capitals", "watchNamespaces={Team}", "at '/watchNamespaces/0': 'Team' does not match pattern"},
		{"a namespace given twice", "watchNamespaces={a,a}", "at '/watchNamespaces': items at 0 and 1 are equal"},
		{"several replicas without a leader", "replicas=2,leaderElection.enabled=false", "replicas: more than one replica needs"},
		{"metrics read twice", "podMonitor.enabled=true,serviceMonitor.enabled=true", "podMonitor and serviceMonitor: enable one"},
		{"a digest that is none", "image.digest=latest", "at '/image/digest': 'latest' does not match pattern"},
		{"an unknown log level", "logging.level=LOUD", "at '/logging/level': value must be one of"},
		{"an account that is not named", "serviceAccount.create=false", "serviceAccount.name: name the service account"},
		{"an interval without a unit", "podMonitor.interval=\"30\"", "at '/podMonitor/interval'"},
		{"an environment variable without a name", "extraEnv[0].value=x", "at '/extraEnv/0': missing property 'name'"},
	} {
		t.Run(bad.name, func(t *testing.T) {
			_, err, failure := helm(t, "template", release, chart, "-n", system, "--set", bad.value)
			if failure == nil {
				t.Fatalf("--set %s is accepted", bad.value)
			}
			if !strings.Contains(err, bad.message) {
				t.Errorf("--set %s: %q is not in:\n%s", bad.value, bad.message, err)
			}
		})
	}
}

func TestEveryValueIsInTheSchemaAndTheSchemaIsClosed(t *testing.T) {
	values, schema := parse(t, read(t, chart+"/values.yaml")), parse(t, read(t, chart+"/values.schema.json"))
	delete(schema["properties"].(map[string]any), "global") // Helm's own
	walkValues(t, "", values, schema)
}

// walkValues finds values without a schema, open objects, and properties of the schema without a value.
func walkValues(t *testing.T, path string, values, schema map[string]any) {
	properties, closed := schema["properties"].(map[string]any)
	if !closed {
		return
	}
	if schema["additionalProperties"] != false {
		t.Errorf("values.schema.json: %s accepts anything", path)
	}
	for name, value := range values {
		property, known := properties[name].(map[string]any)
		if !known {
			t.Errorf("values.yaml: %s.%s is not in values.schema.json", path, name)
			continue
		}
		if inner, isMap := value.(map[string]any); isMap {
			walkValues(t, path+"."+name, inner, property)
		}
	}
	for name := range properties {
		if _, known := values[name]; !known && path != ".resources" {
			t.Errorf("values.schema.json: %s.%s has no default in values.yaml", path, name)
		}
	}
}
