package charts

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
)

// module is a Go module of which only files are used: it is fetched, checked and not built.
type module struct {
	path, version, sum string
}

// The APIs that objects of the chart and of the examples belong to.
var (
	kubernetes         = module{"k8s.io/kubernetes", "v1.34.4", "h1:Yy6R4QB8C9kJPp25GFqEvX5XQwY5qzKeqD0Xx6oAcmk="}
	prometheusOperator = module{
		"github.com/prometheus-operator/prometheus-operator", "v0.85.0", "h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s="}
	certManager = module{"github.com/cert-manager/cert-manager", "v1.21.2", "h1:UWgoYM+KLNtRlqmoWOKjKBOBUPVHeepQ6/ac3ERJW68="}
	kueue       = module{"sigs.k8s.io/kueue", "v0.17.0", "h1:7hzb38M4eKGzYW+CFv2s1L+swzzacUCHOCXxZmAV90I="}
	argoCD      = module{"github.com/argoproj/argo-cd/v3", "v3.5.7", "h1:Xm1BF+I5OgDKUG3SDK49vn2/Y5AMyaNVko+/JT08gj0="}
)

// folder is where the module's files are.
func (m module) folder() (string, error) {
	outside, err := os.MkdirTemp("", "modelfamily-modules")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(outside)
	command := exec.Command("go", "mod", "download", "-json", m.path+"@"+m.version)
	command.Dir = outside
	command.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	out, failure := command.Output()
	var answer struct{ Dir, Sum, Error string }
	if err := json.Unmarshal(out, &answer); err != nil {
		return "", fmt.Errorf("%s@%s cannot be fetched: %v %w", m.path, m.version, failure, err)
	}
	if answer.Error != "" {
		return "", fmt.Errorf("%s@%s cannot be fetched: %s", m.path, m.version, answer.Error)
	}
	if answer.Sum != m.sum {
		return "", fmt.Errorf("%s@%s has the checksum %s, and %s was expected", m.path, m.version, answer.Sum, m.sum)
	}
	return answer.Dir, nil
}
