package charts

import (
	"os/exec"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

const rules = chart + "/rules/alerts.yaml"

type alert struct {
	Alert, Expr, For    string
	Labels, Annotations map[string]string
}

func alerts(t *testing.T) []alert {
	t.Helper()
	var file struct{ Groups []struct{ Rules []alert } }
	if err := yaml.Unmarshal([]byte(read(t, rules)), &file); err != nil {
		t.Fatal(err)
	}
	var all []alert
	for _, group := range file.Groups {
		all = append(all, group.Rules...)
	}
	if len(all) == 0 {
		t.Fatal("no alerts")
	}
	return all
}

func TestEachAlertWaitsHasASeverityAndARunbook(t *testing.T) {
	runbook := read(t, "../../docs/operations/alerts.md")
	for _, one := range alerts(t) {
		t.Run(one.Alert, func(t *testing.T) {
			if one.For == "" {
				t.Error("it fires at once: give it a time to wait, with for")
			}
			if severity := one.Labels["severity"]; severity != "warning" && severity != "critical" {
				t.Errorf("its severity is %q", severity)
			}
			if one.Annotations["summary"] == "" || one.Annotations["description"] == "" {
				t.Error("it has no summary, or no description")
			}
			if want := "https://modelfamily.dev/docs/operations/alerts#" + strings.ToLower(one.Alert); one.Annotations["runbook_url"] != want {
				t.Errorf("its runbook is %s, not %s", one.Annotations["runbook_url"], want)
			}
			if !strings.Contains(runbook, "\n## "+one.Alert+"\n") {
				t.Errorf("docs/operations/alerts.md has no section %s", one.Alert)
			}
		})
	}
}

func TestEachAlertFiresWhenItShouldAndOnlyThen(t *testing.T) {
	out, err := exec.Command("promtool", "check", "rules", rules).CombinedOutput()
	if err != nil {
		t.Fatalf("promtool check rules: %v\n%s", err, out)
	}
	out, err = exec.Command("promtool", "test", "rules", "alerts.test.yaml").CombinedOutput()
	if err != nil {
		t.Fatalf("promtool test rules: %v\n%s", err, out)
	}
	var file struct {
		Tests []struct {
			AlertRuleTest []struct {
				AlertName string           `json:"alertname"`
				ExpAlerts []map[string]any `json:"exp_alerts"`
			} `json:"alert_rule_test"`
		}
	}
	if err := yaml.Unmarshal([]byte(read(t, "alerts.test.yaml")), &file); err != nil {
		t.Fatal(err)
	}
	firing, silent := map[string]bool{}, map[string]bool{}
	for _, test := range file.Tests {
		for _, one := range test.AlertRuleTest {
			if len(one.ExpAlerts) > 0 {
				firing[one.AlertName] = true
			} else {
				silent[one.AlertName] = true
			}
		}
	}
	for _, one := range alerts(t) {
		if !firing[one.Alert] || !silent[one.Alert] {
			t.Errorf("%s: alerts.test.yaml lacks a case in which it fires, or one in which it does not", one.Alert)
		}
	}
}
