package charts

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	podsecurity "k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

func typed[T any](t *testing.T, object unstructured.Unstructured) T {
	t.Helper()
	var into T
	text, err := json.Marshal(object.Object)
	if err == nil {
		err = json.Unmarshal(text, &into)
	}
	if err != nil {
		t.Fatal(err)
	}
	return into
}

func TestThePodKeepsTheRestrictedStandard(t *testing.T) {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks())
	if err != nil {
		t.Fatal(err)
	}
	restricted := podsecurity.LevelVersion{Level: podsecurity.LevelRestricted, Version: podsecurity.LatestVersion()}
	for name, rendered := range valueSets(t) {
		t.Run(name, func(t *testing.T) {
			pod := typed[appsv1.Deployment](t, one(t, objects(t, rendered), "Deployment", "")).Spec.Template
			for _, result := range evaluator.EvaluatePod(restricted, &pod.ObjectMeta, &pod.Spec) {
				if !result.Allowed {
					t.Errorf("%s: %s", result.ForbiddenReason, result.ForbiddenDetail)
				}
			}
			container := pod.Spec.Containers[0]
			if read := container.SecurityContext.ReadOnlyRootFilesystem; read == nil || !*read {
				t.Error("the root file system can be written")
			}
			if container.Resources.Requests.Memory().IsZero() || container.Resources.Limits.Memory().IsZero() {
				t.Error("memory is not asked for, or not limited")
			}
		})
	}
}

// grants are all verbs that the operator's account gets, as NAMESPACE GROUP/RESOURCE[NAMES] VERB.
func grants(t *testing.T, rendered string) []string {
	t.Helper()
	all := objects(t, rendered)
	account := typed[appsv1.Deployment](t, one(t, all, "Deployment", "")).Spec.Template.Spec.ServiceAccountName
	rules := map[string][]rbacv1.PolicyRule{}
	for _, object := range all {
		if object.GetKind() == "Role" || object.GetKind() == "ClusterRole" {
			rules[object.GetKind()+object.GetNamespace()+object.GetName()] = typed[rbacv1.ClusterRole](t, object).Rules
		}
	}
	found := map[string]bool{}
	for _, object := range all {
		if object.GetKind() != "RoleBinding" && object.GetKind() != "ClusterRoleBinding" {
			continue
		}
		binding := typed[rbacv1.RoleBinding](t, object)
		if binding.Subjects[0].Name != account || binding.Subjects[0].Namespace != system {
			t.Errorf("%s binds %v, and the pod runs as %s", binding.Name, binding.Subjects, account)
		}
		bound, known := rules[binding.RoleRef.Kind+binding.Namespace+binding.RoleRef.Name]
		if !known {
			t.Errorf("%s binds a role that the chart does not make: %v", binding.Name, binding.RoleRef)
		}
		where := binding.Namespace
		if where == "" {
			where = "*"
		}
		for _, rule := range bound {
			for _, group := range rule.APIGroups {
				for _, resource := range rule.Resources {
					for _, verb := range rule.Verbs {
						name := ""
						if len(rule.ResourceNames) > 0 {
							name = "[" + strings.Join(rule.ResourceNames, ",") + "]"
						}
						found[where+" "+strings.TrimPrefix(group+"/", "/")+resource+name+" "+verb] = true
					}
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func TestTheOperatorMayDoExactlyThis(t *testing.T) {
	for _, set := range []string{"default", "namespaces", "brought-along"} {
		t.Run(set, func(t *testing.T) {
			verbs := strings.Join(grants(t, render(t, "-f", "values/"+set+".yaml")), "\n") + "\n"
			compare(t, "golden/"+set+".rights", verbs)
		})
	}
}

func TestTheOperatorReadsNoSecretAndWritesNoDefinition(t *testing.T) {
	for set, rendered := range valueSets(t) {
		for _, grant := range grants(t, rendered) {
			for _, forbidden := range []string{"secrets", "customresourcedefinitions", "pods/exec", "impersonate", "escalate", "bind", "/*", " *\n"} {
				if strings.Contains(grant+"\n", forbidden) {
					t.Errorf("%s: %s", set, grant)
				}
			}
			if strings.Contains(grant, "modelfamilies ") && !strings.Contains("get list watch patch", grant[strings.LastIndex(grant, " ")+1:]) {
				t.Errorf("%s: %s", set, grant)
			}
		}
	}
}

func TestWithListedNamespacesOnlyTokensAreAClusterWideRight(t *testing.T) {
	for _, grant := range grants(t, render(t, "-f", "values/namespaces.yaml")) {
		if strings.HasPrefix(grant, "* ") && grant != "* authentication.k8s.io/tokenreviews create" {
			t.Error(grant)
		}
	}
}
