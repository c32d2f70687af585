/** The Helm chart, rendered and held against Kubernetes' own types. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isJsonObject, type JsonObject } from '../../src/core/json.ts';
import { filesUnder } from '../files.ts';
import { valueAt } from '../rig/api.ts';
import { repository } from '../rig/repository.ts';
import { lacksGo, lint, unknownKeys } from './lint.ts';

const folder = 'deploy/helm/tributary';
const skip = lacksGo;

const cluster = {
  mode: 'cluster',
  secret: {
    TRIBUTARY_LOG: 'kafka://kafka:9092/tributary',
    TRIBUTARY_STATE: 'postgres://tributary:p@postgres/tributary',
    TRIBUTARY_TOKEN: 'token',
    TRIBUTARY_SECRET_KEY: 'key',
  },
};
const everything = {
  config: { TRIBUTARY_PUBLIC_URL: 'https://e.example', TRIBUTARY_RATE_LIMIT: 0 },
  ingress: { enabled: true, className: 'nginx', adminHost: 'admin.example', tlsSecret: 'tls' },
  serviceMonitor: { enabled: true, labels: { release: 'prometheus' } },
  imagePullSecrets: [{ name: 'pull' }],
  service: { annotations: { a: 'b' } },
  nodeSelector: { disk: 'fast' },
  tolerations: [{ key: 'k', operator: 'Exists' }],
  podAnnotations: { a: 'b' },
};

function rendered(values: object): JsonObject[] {
  const { problems, found } = lint('chart', folder, JSON.stringify(values));
  assert.deepEqual(problems, []);
  assert.ok(Array.isArray(found));
  return found.filter(isJsonObject);
}

const ofKind = (manifests: readonly JsonObject[], kind: string) =>
  manifests.filter((manifest) => manifest['kind'] === kind);
const names = (manifests: readonly JsonObject[]) =>
  manifests.map((manifest) => String(valueAt(manifest, 'metadata.name'))).sort();

test('one node: a StatefulSet of one, its volume, a service', { skip }, () => {
  const manifests = rendered({ mode: 'embedded' });
  const [node] = ofKind(manifests, 'StatefulSet');
  assert.equal(valueAt(node, 'spec.replicas'), 1);
  assert.equal(valueAt(node, 'spec.volumeClaimTemplates.0.metadata.name'), 'data');
  assert.deepEqual(ofKind(manifests, 'Deployment'), []);
  assert.deepEqual(names(ofKind(manifests, 'Service')), ['lint-tributary']);
});

test('a cluster: a deployment, a service and a disruption budget for each kind of node, every role there', {
  skip,
}, () => {
  const manifests = rendered(cluster);
  const deployments = ofKind(manifests, 'Deployment');
  const kinds = ['lint-tributary-control', 'lint-tributary-ingest', 'lint-tributary-worker'];
  assert.deepEqual(names(deployments), kinds);
  assert.deepEqual(names(ofKind(manifests, 'Service')), kinds);
  assert.deepEqual(names(ofKind(manifests, 'PodDisruptionBudget')), kinds);
  const roles = deployments.flatMap((one) => environmentOf(one)['TRIBUTARY_ROLES']?.split(','));
  assert.deepEqual(roles.sort(), ['control', 'deliver', 'ingest', 'process']);
  assert.deepEqual(ofKind(manifests, 'StatefulSet'), []);
});

test('pods: stopped gently, ready by /health, alive by their port, unprivileged, with bounds, apart from each other', {
  skip,
}, () => {
  for (const values of [
    { ...everything, mode: 'embedded', secret: { TRIBUTARY_TOKEN: 't' } },
    { ...everything, ...cluster },
  ]) {
    const manifests = rendered(values);
    const workloads = [...ofKind(manifests, 'Deployment'), ...ofKind(manifests, 'StatefulSet')];
    assert.ok(workloads.length > 0);
    for (const workload of workloads) assertGoodPod(workload);
    for (const kind of ['Ingress', 'ServiceMonitor', 'Secret', 'ConfigMap']) {
      assert.equal(ofKind(manifests, kind).length, 1, kind);
    }
  }
});

function assertGoodPod(workload: JsonObject): void {
  const pod = valueAt(workload, 'spec.template.spec');
  const container = valueAt(pod, 'containers.0');
  const drain = Number(valueAt(container, 'lifecycle.preStop.exec.command.1'));
  // A node takes up to 8 seconds to stop (limits.stopMs).
  assert.ok(Number(valueAt(pod, 'terminationGracePeriodSeconds')) > drain + 8);
  assert.equal(valueAt(container, 'readinessProbe.httpGet.path'), '/health');
  for (const probe of ['livenessProbe', 'startupProbe']) {
    assert.equal(valueAt(container, `${probe}.tcpSocket.port`), 'http', probe);
  }
  for (const [path, expected] of Object.entries({
    'securityContext.readOnlyRootFilesystem': true,
    'securityContext.allowPrivilegeEscalation': false,
    'securityContext.capabilities.drop.0': 'ALL',
  })) {
    assert.equal(valueAt(container, path), expected, path);
  }
  assert.equal(valueAt(pod, 'securityContext.runAsNonRoot'), true);
  assert.equal(valueAt(pod, 'automountServiceAccountToken'), false);
  for (const path of ['requests.cpu', 'requests.memory', 'limits.memory']) {
    assert.ok(valueAt(container, `resources.${path}`), path);
  }
  const apart = 'affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution.0';
  assert.equal(
    valueAt(pod, `${apart}.podAffinityTerm.topologyKey`),
    'kubernetes.io/hostname',
    'apart',
  );
  const { TRIBUTARY_HOST, TRIBUTARY_DATA, TRIBUTARY_TOKEN } = environmentOf(workload);
  assert.deepEqual([TRIBUTARY_HOST, TRIBUTARY_DATA], ['0.0.0.0', '/data']);
  assert.equal(TRIBUTARY_TOKEN, undefined, 'secrets come from the Secret');
}

test('the selector of each service, budget and workload finds the pods of its kind, and only those', {
  skip,
}, () => {
  const manifests = rendered({ ...everything, ...cluster });
  const workloads = ofKind(manifests, 'Deployment');
  const labels = (one: JsonObject) => valueAt(one, 'spec.template.metadata.labels');
  const finds = (selector: unknown) =>
    workloads.filter((one) =>
      Object.entries(isJsonObject(selector) ? selector : {}).every(([key, value]) => {
        const own = labels(one);
        return isJsonObject(own) && own[key] === value;
      }),
    );
  const selectors = [
    ...ofKind(manifests, 'Service').map((one) => valueAt(one, 'spec.selector')),
    ...[...workloads, ...ofKind(manifests, 'PodDisruptionBudget')].map((one) =>
      valueAt(one, 'spec.selector.matchLabels'),
    ),
  ];
  assert.equal(selectors.length, 9);
  for (const selector of selectors) assert.equal(finds(selector).length, 1);
  const services = new Set(names(ofKind(manifests, 'Service')));
  const [ingress] = ofKind(manifests, 'Ingress');
  for (const [rule, kind] of [
    ['0', 'ingest'],
    ['1', 'control'],
  ] as const) {
    const backend = valueAt(ingress, `spec.rules.${rule}.http.paths.0.backend.service.name`);
    assert.equal(backend, `lint-tributary-${kind}`);
    assert.ok(services.has(String(backend)));
  }
});

test('what would lose events, or not start, is refused before anything is applied', {
  skip,
}, () => {
  const refused = (values: object, says: RegExp) => {
    const { problems } = lint('chart', folder, JSON.stringify(values));
    assert.match(problems.join('\n'), says);
  };
  refused({ mode: 'both' }, /mode/);
  refused({ mode: 'cluster' }, /needs secret.TRIBUTARY_LOG, or an existingSecret/);
  const { TRIBUTARY_SECRET_KEY: _, ...noKey } = cluster.secret;
  refused({ ...cluster, secret: noKey }, /needs secret.TRIBUTARY_SECRET_KEY/);
  const file = { ...cluster.secret, TRIBUTARY_LOG: 'file:/data/log' };
  refused({ ...cluster, secret: file }, /begins with kafka/);
  const sqlite = { ...cluster.secret, TRIBUTARY_STATE: 'sqlite:/data' };
  refused({ ...cluster, secret: sqlite }, /begins with postgres/);
  refused({ drainSeconds: 25 }, /must be above drainSeconds/);
  refused({ config: { TRIBUTARY_ROLES: 'ingest' } }, /is set by the chart/);
  refused({ config: { OTHER: 'x' } }, /OTHER/);
  refused({ ...cluster, nodes: { a: { roles: 'all', replicas: 1 } } }, /roles/);
  assert.ok(rendered({ mode: 'cluster', existingSecret: 'mine' }).length > 0);
});

test('the chart names only keys that the configuration has', () => {
  const files = filesUnder(folder);
  assert.ok(files.length > 8);
  for (const path of files) {
    assert.deepEqual(unknownKeys(readFileSync(join(repository, path), 'utf8')), [], path);
  }
});

test('the chart is of the version of the program', () => {
  const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  const chart = readFileSync(join(repository, folder, 'Chart.yaml'), 'utf8');
  assert.match(chart, new RegExp(`^appVersion: ${version.replaceAll('.', '\\.')}$`, 'm'));
});

function environmentOf(workload: JsonObject): Record<string, string> {
  const list = valueAt(workload, 'spec.template.spec.containers.0.env');
  const pairs = Array.isArray(list) ? list.filter(isJsonObject) : [];
  return Object.fromEntries(pairs.map(({ name, value }) => [String(name), String(value)]));
}
