package charts

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

func TestTheInstallFileIsTheChartWithoutHelm(t *testing.T) {
	out := filepath.Join(t.TempDir(), "install.yaml")
	if log, err := exec.Command("../render", "--out", out).CombinedOutput(); err != nil {
		t.Fatalf("charts/render: %v\n%s", err, log)
	}
	whole := read(t, out)
	accept(t, whole)
	var rest []string
	for _, document := range documents(whole) {
		if strings.Contains(document, "kind: CustomResourceDefinition") {
			document = "# (the definition)\n"
		}
		rest = append(rest, document)
	}
	compare(t, "golden/install.yaml", strings.Join(rest, "---\n"))
	for _, object := range objects(t, whole) {
		if object.GetKind() == "Secret" {
			t.Error("a key that is in a file for everybody protects nobody")
		}
	}
}

func TestEachKustomizationOfTheExamplesBuildsToObjectsThatTheAPIAccepts(t *testing.T) {
	folders, err := filepath.Glob("../../examples/*/kustomization.yaml")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, file := range folders {
		folder := filepath.Dir(file)
		t.Run(filepath.Base(folder), func(t *testing.T) {
			built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
			if err != nil {
				t.Fatal(err)
			}
			text, err := built.AsYaml()
			if err != nil {
				t.Fatal(err)
			}
			accept(t, string(text))
		})
	}
}

func TestArgoCDMayTouchEveryKindThatTheChartMakesForTheWholeCluster(t *testing.T) {
	allowed := map[string]bool{}
	project := parse(t, read(t, "../../examples/argocd/project.yaml"))
	for _, entry := range project["spec"].(map[string]any)["clusterResourceWhitelist"].([]any) {
		allowed[entry.(map[string]any)["kind"].(string)] = true
	}
	for _, object := range objects(t, render(t)) {
		if object.GetNamespace() == "" && !allowed[object.GetKind()] {
			t.Errorf("examples/argocd/project.yaml does not allow %s", object.GetKind())
		}
	}
}

func TestTheCertificateThatArgoCDKeepsIsTheOneOfTheChart(t *testing.T) {
	one(t, objects(t, render(t)), "Secret", "modelfamily-operator-tls")
	operator := read(t, "../../examples/argocd/operator.yaml")
	if !strings.Contains(operator, "releaseName: "+release+"\n") || !strings.Contains(operator, "name: "+release+"-operator-tls\n") {
		t.Error("examples/argocd/operator.yaml speaks of another Secret")
	}
}
