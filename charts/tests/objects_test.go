package charts

import (
	"regexp"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

var separator = regexp.MustCompile(`(?m)^---\s*$`)

// documents are the documents of a YAML text that say something.
func documents(text string) []string {
	var found []string
	for _, document := range separator.Split(text, -1) {
		var content any
		if err := yaml.Unmarshal([]byte(document), &content); err != nil || content != nil {
			found = append(found, document)
		}
	}
	return found
}

func parse(t *testing.T, document string) map[string]any {
	t.Helper()
	var content map[string]any
	if err := yaml.UnmarshalStrict([]byte(document), &content); err != nil {
		t.Fatalf("%v in:\n%s", err, document)
	}
	return content
}

func objects(t *testing.T, text string) []unstructured.Unstructured {
	t.Helper()
	var found []unstructured.Unstructured
	for _, document := range documents(text) {
		found = append(found, unstructured.Unstructured{Object: parse(t, document)})
	}
	return found
}

// one is the only object of this kind whose name ends so.
func one(t *testing.T, all []unstructured.Unstructured, kind, suffix string) unstructured.Unstructured {
	t.Helper()
	var found []unstructured.Unstructured
	for _, object := range all {
		if object.GetKind() == kind && strings.HasSuffix(object.GetName(), suffix) {
			found = append(found, object)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d objects of kind %s with a name that ends in %q, and one was expected", len(found), kind, suffix)
	}
	return found[0]
}
