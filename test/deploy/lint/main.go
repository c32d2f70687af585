// Lints what deploys Tributary, with the parsers of the programs that will read it: Helm, Kubernetes, Compose, BuildKit, Prometheus.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	promql "github.com/prometheus/prometheus/promql/parser"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/lint"
	"helm.sh/helm/v3/pkg/lint/support"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	"sigs.k8s.io/yaml"
)

// kinds that a manifest may be, by "apiVersion kind": an unknown field, or a value of the wrong type, is an error.
var kinds = map[string]func() any{
	"v1 ConfigMap":                            func() any { return &core.ConfigMap{} },
	"v1 Secret":                               func() any { return &core.Secret{} },
	"v1 Service":                              func() any { return &core.Service{} },
	"apps/v1 Deployment":                      func() any { return &apps.Deployment{} },
	"apps/v1 StatefulSet":                     func() any { return &apps.StatefulSet{} },
	"policy/v1 PodDisruptionBudget":           func() any { return &policy.PodDisruptionBudget{} },
	"networking.k8s.io/v1 Ingress":            func() any { return &networking.Ingress{} },
	"monitoring.coreos.com/v1 ServiceMonitor": func() any { return &monitoring.ServiceMonitor{} },
}

type answer struct {
	Problems []string `json:"problems"`
	// What was read, as the program that will read it sees it.
	Found any `json:"found"`
}

func main() {
	what, args := os.Args[1], os.Args[2:]
	var found any
	var problems []string
	var err error
	switch what {
	case "chart":
		found, problems, err = chart(args[0], args[1])
	case "compose":
		found, err = compose(args[0], args[1:])
	case "dockerfile":
		found, problems, err = dockerfile(args[0])
	case "rules":
		found, problems, err = rules(args[0])
	default:
		err = fmt.Errorf("chart, compose, dockerfile or rules, not %s", what)
	}
	if err != nil {
		problems = append(problems, err.Error())
	}
	if problems == nil {
		problems = []string{}
	}
	_ = json.NewEncoder(os.Stdout).Encode(answer{problems, found})
}

// chart renders a chart with the values of a YAML text.
func chart(folder, valuesText string) (any, []string, error) {
	var problems []string
	given := map[string]any{}
	if err := yaml.Unmarshal([]byte(valuesText), &given); err != nil {
		return nil, nil, err
	}
	for _, message := range lint.AllWithKubeVersion(folder, given, "lint", nil).Messages {
		if message.Severity > support.InfoSev {
			problems = append(problems, message.Error())
		}
	}
	loaded, err := loader.Load(folder)
	if err != nil {
		return nil, problems, err
	}
	release := chartutil.ReleaseOptions{Name: "lint", Namespace: "lint", IsInstall: true}
	values, err := chartutil.ToRenderValues(loaded, given, release, chartutil.DefaultCapabilities)
	if err != nil {
		return nil, problems, err
	}
	rendered, err := engine.Render(loaded, values)
	if err != nil {
		return nil, problems, err
	}
	manifests := []any{}
	for name, text := range rendered {
		if !strings.HasSuffix(name, ".yaml") {
			continue
		}
		for _, document := range strings.Split(text, "\n---") {
			manifest := map[string]any{}
			if err := yaml.Unmarshal([]byte(document), &manifest); err != nil {
				return nil, problems, fmt.Errorf("%s: %w", name, err)
			}
			if len(manifest) == 0 {
				continue
			}
			manifests = append(manifests, manifest)
			kind := fmt.Sprint(manifest["apiVersion"], " ", manifest["kind"])
			make, known := kinds[kind]
			if !known {
				problems = append(problems, fmt.Sprintf("%s: a %s is not checked", name, kind))
			} else if err := yaml.UnmarshalStrict([]byte(document), make()); err != nil {
				problems = append(problems, fmt.Sprintf("%s: %s: %s", name, kind, err))
			}
		}
	}
	return manifests, problems, nil
}

// compose loads a Compose file with the given profiles; it is held against the schema of the specification.
func compose(file string, profiles []string) (any, error) {
	options, err := cli.NewProjectOptions([]string{file}, cli.WithName("lint"), cli.WithProfiles(profiles),
		cli.WithEnv([]string{"TRIBUTARY_TOKEN=t", "TRIBUTARY_SECRET_KEY=kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk", "POSTGRES_PASSWORD=p"}))
	if err != nil {
		return nil, err
	}
	return options.LoadProject(context.Background())
}

// dockerfile parses a Dockerfile and runs the rules of `docker build --check` that need no engine.
func dockerfile(file string) (any, []string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, err
	}
	parsed, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, nil, err
	}
	var problems []string
	for _, warning := range parsed.Warnings {
		problems = append(problems, warning.Short)
	}
	rules := linter.New(&linter.Config{
		Warn: func(name, _, _, message string, _ []parser.Range) {
			problems = append(problems, name+": "+message)
		},
	})
	stages, _, err := instructions.Parse(parsed.AST, rules)
	if err != nil {
		return nil, problems, err
	}
	type step struct {
		Name string `json:"name"`
		Text string `json:"text"`
		// Of a COPY: what it takes from the build's folder.
		Sources []string `json:"sources"`
	}
	type stage struct {
		Name  string `json:"name"`
		Base  string `json:"base"`
		Steps []step `json:"steps"`
	}
	found := []stage{}
	for _, one := range stages {
		steps := []step{}
		for _, command := range one.Commands {
			next := step{Name: command.Name(), Text: fmt.Sprint(command), Sources: []string{}}
			if copy, isCopy := command.(*instructions.CopyCommand); isCopy && copy.From == "" {
				next.Sources = append(next.Sources, copy.SourcePaths...)
			}
			if run, isRun := command.(*instructions.RunCommand); isRun {
				next.Text = strings.Join(run.CmdLine, " ")
			}
			steps = append(steps, next)
		}
		found = append(found, stage{one.Name, one.BaseName, steps})
	}
	return found, problems, nil
}

// rules checks a file of Prometheus rules as promtool does, and lists the metrics that its expressions name.
func rules(file string) (any, []string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, err
	}
	expressions := promql.NewParser(promql.Options{})
	groups, errs := rulefmt.Parse(text, false, model.UTF8Validation, expressions, slog.New(slog.DiscardHandler))
	var problems []string
	for _, one := range errs {
		problems = append(problems, one.Error())
	}
	type rule struct {
		Alert   string   `json:"alert"`
		Metrics []string `json:"metrics"`
	}
	found := []rule{}
	if groups == nil {
		return found, problems, nil
	}
	for _, group := range groups.Groups {
		for _, one := range group.Rules {
			next := rule{Alert: one.Alert, Metrics: []string{}}
			expression, err := expressions.ParseExpr(one.Expr)
			if err != nil {
				continue
			}
			promql.Inspect(expression, func(node promql.Node, _ []promql.Node) error {
				if selector, isSelector := node.(*promql.VectorSelector); isSelector {
					next.Metrics = append(next.Metrics, selector.Name)
				}
				return nil
			})
			found = append(found, next)
		}
	}
	return found, problems, nil
}
