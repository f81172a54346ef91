// Package panels puts the queries of the dashboards to a Prometheus server.
package panels

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Dashboard is what is read of Grafana's model of a dashboard.
type Dashboard struct {
	UID        string  `json:"uid"`
	Title      string  `json:"title"`
	Panels     []Panel `json:"panels"`
	Templating struct {
		List []Variable `json:"list"`
	} `json:"templating"`
}

type Panel struct {
	ID          int      `json:"id"`
	Type        string   `json:"type"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	GridPos     Grid     `json:"gridPos"`
	Targets     []Target `json:"targets"`
	Datasource  struct {
		UID string `json:"uid"`
	} `json:"datasource"`
}

type Grid struct{ X, Y, W, H int }

type Target struct {
	RefID        string `json:"refId"`
	Expr         string `json:"expr"`
	LegendFormat string `json:"legendFormat"`
}

type Variable struct {
	Name  string          `json:"name"`
	Type  string          `json:"type"`
	Query json.RawMessage `json:"query"`
}

// Query is one question of a dashboard: what a panel draws, or what a variable offers.
type Query struct {
	Dashboard, Panel, Expr string
	// Labels that the legend names, so that the answer must have them.
	Labels []string
}

// Read is the dashboard in the file.
func Read(file string) (Dashboard, error) {
	var dashboard Dashboard
	content, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(content, &dashboard)
	}
	return dashboard, err
}

var (
	legend      = regexp.MustCompile(`\{\{\s*(\w+)\s*\}\}`)
	labelValues = regexp.MustCompile(`^label_values\((.*), (\w+)\)$`)
)

// Queries are all questions of the dashboards in the folder.
func Queries(folder string) ([]Query, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return nil, err
	}
	var queries []Query
	for _, file := range files {
		dashboard, err := Read(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for _, variable := range dashboard.Templating.List {
			if variable.Type != "query" {
				continue
			}
			var query struct{ Query string }
			if err := json.Unmarshal(variable.Query, &query); err != nil {
				return nil, fmt.Errorf("%s: variable %s: %w", file, variable.Name, err)
			}
			parts := labelValues.FindStringSubmatch(query.Query)
			if parts == nil {
				return nil, fmt.Errorf("%s: variable %s: %s is not label_values(METRIC, LABEL)", file, variable.Name, query.Query)
			}
			queries = append(queries, Query{dashboard.UID, "variable " + variable.Name, parts[1], parts[2:]})
		}
		for _, panel := range dashboard.Panels {
			for _, target := range panel.Targets {
				var labels []string
				for _, label := range legend.FindAllStringSubmatch(target.LegendFormat, -1) {
					labels = append(labels, label[1])
				}
				queries = append(queries, Query{dashboard.UID, panel.Title + " " + target.RefID, target.Expr, labels})
			}
		}
	}
	return queries, nil
}

// Filled is the query with Grafana's variables replaced.
func (q Query) Filled(namespace, family, window string) string {
	return strings.NewReplacer(
		"$namespace", namespace, "$family", family, "$member", ".*", "$__rate_interval", window, "$__range", window).Replace(q.Expr)
}

// Ask puts a query to the server, at its present time, and returns the labels of each series of the answer.
func Ask(server, expr string) ([]map[string]string, error) {
	response, err := http.Get(server + "/api/v1/query?query=" + url.QueryEscape(expr))
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var answer struct {
		Error string
		Data  struct {
			ResultType string
			Result     json.RawMessage
		}
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return nil, fmt.Errorf("%s: %w", response.Status, err)
	}
	if answer.Error != "" {
		return nil, fmt.Errorf("%s", answer.Error)
	}
	if answer.Data.ResultType != "vector" {
		return nil, fmt.Errorf("the answer is a %s, not a vector", answer.Data.ResultType)
	}
	var series []struct{ Metric map[string]string }
	if err := json.Unmarshal(answer.Data.Result, &series); err != nil {
		return nil, err
	}
	labels := make([]map[string]string, 0, len(series))
	for _, one := range series {
		labels = append(labels, one.Metric)
	}
	return labels, nil
}

// Check asks one query; the error says why the panel would be empty or its legend broken.
func (q Query) Check(server, namespace, family, window string) error {
	series, err := Ask(server, q.Filled(namespace, family, window))
	if err != nil {
		return err
	}
	if len(series) == 0 {
		return fmt.Errorf("no data")
	}
	for _, label := range q.Labels {
		if series[0][label] == "" {
			return fmt.Errorf("the answer has no label %s: %v", label, series[0])
		}
	}
	return nil
}
