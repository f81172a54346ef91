package charts

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"
	"sigs.k8s.io/yaml"
)

const customizations = "../argocd/resource_customizations/modelfamily.dev/ModelFamily"

// run gives the script the object as Argo CD does for a customization of its ConfigMap: the same interpreter, and of the libraries
// only these. It returns what the script returns.
func run(t *testing.T, script string, object any) any {
	t.Helper()
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer state.Close()
	for name, library := range map[string]lua.LGFunction{
		lua.LoadLibName: lua.OpenPackage, lua.BaseLibName: lua.OpenBase, lua.TabLibName: lua.OpenTable,
	} {
		if err := state.CallByParam(lua.P{Fn: state.NewFunction(library), Protect: true}, lua.LString(name)); err != nil {
			t.Fatal(err)
		}
	}
	state.SetGlobal("obj", toLua(state, object))
	if err := state.DoString(read(t, script)); err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return fromLua(state.Get(-1))
}

func toLua(state *lua.LState, value any) lua.LValue {
	switch value := value.(type) {
	case string:
		return lua.LString(value)
	case bool:
		return lua.LBool(value)
	case float64:
		return lua.LNumber(value)
	case []any:
		table := state.NewTable()
		for _, item := range value {
			table.Append(toLua(state, item))
		}
		return table
	case map[string]any:
		table := state.NewTable()
		for key, item := range value {
			table.RawSetString(key, toLua(state, item))
		}
		return table
	}
	return lua.LNil
}

// fromLua reads an empty table as nil: Lua cannot tell an empty list from an empty map, and Argo CD asks the original which it was.
func fromLua(value lua.LValue) any {
	switch value := value.(type) {
	case lua.LString:
		return string(value)
	case lua.LBool:
		return bool(value)
	case lua.LNumber:
		return float64(value)
	case *lua.LTable:
		if value.Len() > 0 {
			var list []any
			value.ForEach(func(_, item lua.LValue) { list = append(list, fromLua(item)) })
			return list
		}
		var fields map[string]any
		value.ForEach(func(key, item lua.LValue) {
			if fields == nil {
				fields = map[string]any{}
			}
			fields[key.String()] = fromLua(item)
		})
		if fields == nil {
			return nil
		}
		return fields
	}
	return nil
}

// withoutEmpty is the object as it comes back from Lua when nothing was done to it.
func withoutEmpty(value any) any {
	switch value := value.(type) {
	case []any:
		if len(value) == 0 {
			return nil
		}
		for i := range value {
			value[i] = withoutEmpty(value[i])
		}
	case map[string]any:
		if len(value) == 0 {
			return nil
		}
		for key := range value {
			value[key] = withoutEmpty(value[key])
		}
	}
	return value
}

func load(t *testing.T, path string, into any) {
	t.Helper()
	if err := yaml.UnmarshalStrict([]byte(read(t, path)), into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

func object(t *testing.T, path string) any {
	t.Helper()
	var content any
	load(t, path, &content)
	return content
}

func text(value any) string {
	content, err := json.MarshalIndent(value, "", " ")
	return fmt.Sprint(string(content), err)
}

type health struct{ Status, Message string }

func TestArgoCDSeesTheHealthOfAFamily(t *testing.T) {
	var table struct {
		Tests []struct {
			HealthStatus health
			InputPath    string
		}
	}
	load(t, customizations+"/health_test.yaml", &table)
	covered := map[string]bool{}
	for _, test := range table.Tests {
		covered[filepath.Base(test.InputPath)] = true
		t.Run(test.InputPath, func(t *testing.T) {
			answer, ok := run(t, customizations+"/health.lua", object(t, customizations+"/"+test.InputPath)).(map[string]any)
			if !ok {
				t.Fatal("the script returns no table")
			}
			if got := (health{fmt.Sprint(answer["status"]), fmt.Sprint(answer["message"])}); got != test.HealthStatus {
				t.Errorf("got  %+v\nwant %+v", got, test.HealthStatus)
			}
		})
	}
	samples, _ := os.ReadDir(customizations + "/testdata")
	for _, sample := range samples {
		if !covered[sample.Name()] {
			t.Errorf("no test of %s", sample.Name())
		}
	}
}

type action struct {
	Name        string `json:"name"`
	DisplayName string `json:"displayName,omitempty"`
	IconClass   string `json:"iconClass,omitempty"`
}

type actionTable struct {
	DiscoveryTests []struct {
		InputPath string
		Result    []action
	}
	ActionTests []struct{ Action, InputPath, ExpectedOutputPath string }
}

func TestArgoCDOffersTheActionsThatFit(t *testing.T) {
	var table actionTable
	load(t, customizations+"/actions/action_test.yaml", &table)
	for _, test := range table.DiscoveryTests {
		t.Run(test.InputPath, func(t *testing.T) {
			answer, _ := run(t, customizations+"/actions/discovery.lua", object(t, customizations+"/actions/"+test.InputPath)).(map[string]any)
			var offered []action
			for name, details := range answer {
				fields := details.(map[string]any)
				offered = append(offered, action{name, fmt.Sprint(fields["displayName"]), fmt.Sprint(fields["iconClass"])})
			}
			slices.SortFunc(offered, func(a, b action) int { return strings.Compare(a.Name, b.Name) })
			if !slices.Equal(offered, test.Result) {
				t.Errorf("got  %+v\nwant %+v", offered, test.Result)
			}
			for _, one := range offered {
				if _, err := os.Stat(customizations + "/actions/" + one.Name + "/action.lua"); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestAnActionChangesTheFamilyAsItSays(t *testing.T) {
	var table actionTable
	load(t, customizations+"/actions/action_test.yaml", &table)
	tested := map[string]bool{}
	for _, test := range table.ActionTests {
		tested[test.Action] = true
		t.Run(test.Action+"_"+filepath.Base(test.InputPath), func(t *testing.T) {
			got := run(t, customizations+"/actions/"+test.Action+"/action.lua", object(t, customizations+"/actions/"+test.InputPath))
			want := withoutEmpty(object(t, customizations+"/actions/"+test.ExpectedOutputPath))
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got  %s\nwant %s", text(got), text(want))
			}
		})
	}
	scripts, _ := filepath.Glob(customizations + "/actions/*/action.lua")
	for _, script := range scripts {
		if name := filepath.Base(filepath.Dir(script)); !tested[name] {
			t.Errorf("no test of the action %s", name)
		}
	}
}

func TestTheSampleFamiliesAreOnesThatTheAPIAccepts(t *testing.T) {
	samples, err := filepath.Glob(customizations + "/testdata/*.yaml")
	if err != nil || len(samples) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	afterActions, _ := filepath.Glob(customizations + "/actions/testdata/*.yaml")
	for _, sample := range append(samples, afterActions...) {
		t.Run(filepath.Base(sample), func(t *testing.T) { accept(t, read(t, sample)) })
	}
}

// indented is the text with this before each of its lines.
func indented(before, text string) string {
	var lines strings.Builder
	for _, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		if line != "" {
			line = before + line
		}
		lines.WriteString(line + "\n")
	}
	return lines.String()
}

func TestTheConfigMapForArgoCDHoldsTheScripts(t *testing.T) {
	var file strings.Builder
	file.WriteString(`# For Argo CD: kubectl -n argocd patch configmap argocd-cm --patch-file charts/argocd/argocd-cm.yaml
# Made from the scripts in resource_customizations; charts/check --update makes it again.
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
  namespace: argocd
  labels:
    app.kubernetes.io/name: argocd-cm
    app.kubernetes.io/part-of: argocd
data:
  resource.customizations.health.modelfamily.dev_ModelFamily: |
`)
	file.WriteString(indented("    ", read(t, customizations+"/health.lua")))
	file.WriteString("  resource.customizations.actions.modelfamily.dev_ModelFamily: |\n    discovery.lua: |\n")
	file.WriteString(indented("      ", read(t, customizations+"/actions/discovery.lua")))
	file.WriteString("    definitions:\n")
	for _, name := range []string{"suspend", "resume", "retry", "skip-gate"} {
		file.WriteString("      - name: " + name + "\n        action.lua: |\n")
		file.WriteString(indented("          ", read(t, customizations+"/actions/"+name+"/action.lua")))
	}
	compare(t, "../argocd/argocd-cm.yaml", file.String())
	accept(t, file.String())
}
