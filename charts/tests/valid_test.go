package charts

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"sigs.k8s.io/yaml"
)

// schemas are the compiled schemas by API version and kind: those of Kubernetes, and of the custom resources that are used here.
type schemas struct {
	compiler *jsonschema.Compiler
	places   map[string]string
}

func (s *schemas) add(file string, document map[string]any, at, group, version, kind string) error {
	closeObjects(document)
	if err := s.compiler.AddResource(file, document); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	s.place(file+at, group, version, kind)
	return nil
}

func (s *schemas) place(place, group, version, kind string) {
	s.places[strings.TrimPrefix(group+"/"+version, "/")+" "+kind] = place
}

// closeObjects makes each schema refuse the fields that it does not list, as the API server does on strict validation. The parts
// of a choice list only the fields that they speak of.
func closeObjects(schema any) {
	switch schema := schema.(type) {
	case map[string]any:
		for key, inner := range schema {
			if key != "anyOf" && key != "oneOf" && key != "allOf" && key != "not" {
				closeObjects(inner)
			}
		}
		_, lists := schema["properties"].(map[string]any)
		_, open := schema["additionalProperties"]
		if lists && !open && schema["x-kubernetes-preserve-unknown-fields"] != true && schema["x-kubernetes-embedded-resource"] != true {
			schema["additionalProperties"] = false
		}
	case []any:
		for _, inner := range schema {
			closeObjects(inner)
		}
	}
}

// addKubernetes reads the OpenAPI documents of Kubernetes.
func (s *schemas) addKubernetes(folder string) error {
	files, err := filepath.Glob(filepath.Join(folder, "api/openapi-spec/v3/api*__*_openapi.json"))
	if err != nil || len(files) < 20 {
		return fmt.Errorf("%d OpenAPI documents in %s: %w", len(files), folder, err)
	}
	for _, file := range files {
		var document struct {
			Components struct{ Schemas map[string]any }
		}
		content, err := os.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(content, &document)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		name := "kubernetes:///" + filepath.Base(file)
		whole := map[string]any{"components": map[string]any{"schemas": document.Components.Schemas}}
		closeObjects(whole)
		if err := s.compiler.AddResource(name, whole); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		for key, schema := range document.Components.Schemas {
			kinds, _ := schema.(map[string]any)["x-kubernetes-group-version-kind"].([]any)
			if len(kinds) == 1 { // one with several, such as DeleteOptions, is no kind of its own
				kind := kinds[0].(map[string]any)
				s.place(name+"#/components/schemas/"+key, kind["group"].(string), kind["version"].(string), kind["kind"].(string))
			}
		}
	}
	return nil
}

// addDefinitions reads the custom resource definitions in a folder.
func (s *schemas) addDefinitions(folder string) error {
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("%d definitions in %s: %w", len(files), folder, err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		var definition struct {
			Kind string
			Spec struct {
				Group    string
				Names    struct{ Kind string }
				Versions []struct {
					Name   string
					Schema struct {
						OpenAPIV3Schema map[string]any `json:"openAPIV3Schema"`
					}
				}
			}
		}
		if err := yaml.Unmarshal(content, &definition); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if definition.Kind != "CustomResourceDefinition" {
			continue
		}
		for _, version := range definition.Spec.Versions {
			root := version.Schema.OpenAPIV3Schema
			for _, field := range []string{"apiVersion", "kind", "metadata"} { // those of every object
				root["properties"].(map[string]any)[field] = map[string]any{}
			}
			name := fmt.Sprintf("custom:///%s/%s", filepath.Base(file), version.Name)
			if err := s.add(name, root, "", definition.Spec.Group, version.Name, definition.Spec.Names.Kind); err != nil {
				return err
			}
		}
	}
	return nil
}

// check is what is wrong with an object, by the schema of its kind.
func (s *schemas) check(document string) error {
	var object any
	text, err := yaml.YAMLToJSONStrict([]byte(document))
	if err == nil {
		object, err = jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	}
	if err != nil {
		return err
	}
	fields, _ := object.(map[string]any)
	kind := fmt.Sprintf("%v %v", fields["apiVersion"], fields["kind"])
	place, known := s.places[kind]
	if !known {
		return fmt.Errorf("no API has %s", kind)
	}
	schema, err := s.compiler.Compile(place)
	if err != nil {
		return err
	}
	return schema.Validate(object)
}

var known = sync.OnceValues(func() (*schemas, error) {
	all := &schemas{compiler: jsonschema.NewCompiler(), places: map[string]string{}}
	all.compiler.DefaultDraft(jsonschema.Draft4) // that of OpenAPI 3.0
	for _, source := range []struct {
		module module
		folder string
		add    func(string) error
	}{
		{kubernetes, ".", all.addKubernetes},
		{prometheusOperator, "example/prometheus-operator-crd", all.addDefinitions},
		{certManager, "deploy/crds", all.addDefinitions},
		{kueue, "config/components/crd/bases", all.addDefinitions},
		{argoCD, "manifests/crds", all.addDefinitions},
	} {
		folder, err := source.module.folder()
		if err == nil {
			err = source.add(filepath.Join(folder, source.folder))
		}
		if err != nil {
			return nil, err
		}
	}
	return all, all.addDefinitions("../../crds")
})

// accept holds each document against the schema of its kind.
func accept(t *testing.T, text string) {
	t.Helper()
	all, err := known()
	if err != nil {
		t.Fatal(err)
	}
	for _, document := range documents(text) {
		if err := all.check(document); err != nil {
			t.Errorf("%v in:\n%s", err, document)
		}
	}
}

func TestEachSetOfValuesRendersToObjectsThatTheAPIAccepts(t *testing.T) {
	for name, rendered := range valueSets(t) {
		t.Run(name, func(t *testing.T) { accept(t, rendered) })
	}
}

func TestTheDefinitionIsOneThatTheAPIAccepts(t *testing.T) {
	accept(t, render(t, "--show-only", "templates/crd.yaml"))
}

func TestWhatTheAPIRefusesIsRefusedHere(t *testing.T) {
	all, err := known()
	if err != nil {
		t.Fatal(err)
	}
	deployment := ""
	for _, document := range documents(render(t, "-f", "values/default.yaml")) {
		if parse(t, document)["kind"] == "Deployment" {
			deployment = document
		}
	}
	family := read(t, "../../examples/cluster/family.yaml")
	for name, bad := range map[string]string{
		"a misspelt field":         strings.Replace(deployment, "readOnlyRootFilesystem:", "readonlyRootFilesystem:", 1),
		"a number in words":        strings.Replace(deployment, "replicas: 1", "replicas: one", 1),
		"a field that is missing":  strings.Replace(deployment, "  selector:\n", "  # selector:\n", 1),
		"a kind of another API":    strings.Replace(deployment, "apps/v1", "batch/v1", 1),
		"a family's misspelt size": strings.Replace(family, "size: 80%", "size: 80 percent", 1),
		"a family's unknown field": strings.Replace(family, "pending: 24h", "waiting: 24h", 1),
		"a monitor of a bad interval": `{"apiVersion": "monitoring.coreos.com/v1", "kind": "PodMonitor", "metadata": {"name": "x"},
			"spec": {"selector": {}, "podMetricsEndpoints": [{"port": "metrics", "interval": "often"}]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			if bad == deployment || bad == family || all.check(bad) == nil {
				t.Errorf("accepted:\n%s", bad)
			}
		})
	}
	if err := all.check(deployment); err != nil {
		t.Error(err)
	}
}
