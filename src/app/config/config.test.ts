import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, describe, it } from 'node:test';
import { TributaryError } from '../../core/errors.ts';
import { maskedConfig, readConfig } from './config.ts';

const folder = mkdtempSync(join(tmpdir(), 'tributary-config-'));
after(() => rmSync(folder, { recursive: true }));

function configFile(text: string): string {
  const path = join(folder, 'tributary.yaml');
  writeFileSync(path, text);
  return path;
}

describe('readConfig', () => {
  it('needs nothing: every key has its documented default', async () => {
    const { config, warnings } = await readConfig({});
    assert.equal(config.host, '127.0.0.1');
    assert.equal(config.port, 8080);
    assert.equal(config.data, resolve('data'));
    assert.equal(config.log, `file:${resolve('data')}/log`);
    assert.equal(config.state, `sqlite:${resolve('data')}`);
    assert.equal(config.rateLimit, 1000);
    assert.deepEqual(warnings, []);
  });

  it('allows private targets only while it listens on loopback, unless told', async () => {
    assert.equal((await readConfig({})).config.allowPrivateTargets, true);
    assert.equal(
      (await readConfig({ TRIBUTARY_HOST: '0.0.0.0' })).config.allowPrivateTargets,
      false,
    );
    const told = { TRIBUTARY_HOST: '0.0.0.0', TRIBUTARY_ALLOW_PRIVATE_TARGETS: 'true' };
    assert.equal((await readConfig(told)).config.allowPrivateTargets, true);
  });

  it('reports every problem at once, each with its key', async () => {
    const path = configFile('prot: 1\nrateLimit: -3\n');
    await assert.rejects(
      () => readConfig({ TRIBUTARY_CONFIG: path, TRIBUTARY_PORT: 'x', TRIBUTARY_LOG: 'nothing' }),
      (error) => {
        assert.ok(error instanceof TributaryError);
        assert.equal(error.code, 'config_invalid');
        assert.match(error.message, /TRIBUTARY_PORT: must be a whole number/);
        assert.match(error.message, /TRIBUTARY_LOG: must be a URL/);
        assert.match(error.message, /rateLimit: must be a whole number/);
        assert.match(error.message, /prot: is not a configuration key; did you mean port\?/);
        return true;
      },
    );
  });

  it('refuses an engine there is none of, an address that is not of the web, and secrets no header can carry', async () => {
    const environment = {
      TRIBUTARY_LOG: 'pulsar://broker',
      TRIBUTARY_STATE: 'mysql://localhost/db',
      TRIBUTARY_PUBLIC_URL: 'cdp.example.com:443',
      TRIBUTARY_WRITE_KEY: 'a:b',
      TRIBUTARY_TOKEN: 'two words',
    };
    await assert.rejects(
      () => readConfig(environment),
      (error) => {
        assert.ok(error instanceof TributaryError);
        for (const key of Object.keys(environment))
          assert.match(error.message, new RegExp(`${key}: must`));
        return true;
      },
    );
    for (const url of ['http://cdp.example.com', 'https://cdp.example.com:8443/in/']) {
      assert.ok((await readConfig({ TRIBUTARY_PUBLIC_URL: url })).config.publicUrl);
    }
    assert.equal(
      (await readConfig({ TRIBUTARY_TOKEN: 'aB3+/-_.~==' })).config.token,
      'aB3+/-_.~==',
    );
  });

  it('takes roles as text or as a list, all of them by default, and refuses what is none', async () => {
    const shared = {
      TRIBUTARY_LOG: 'kafka://one:9092,two:9092/prefix?partitions=2',
      TRIBUTARY_STATE: 'postgres://db/name',
    };
    assert.equal((await readConfig({})).config.roles.length, 5);
    const few = await readConfig({ ...shared, TRIBUTARY_ROLES: 'deliver, ingest' });
    assert.deepEqual(few.config.roles, ['ingest', 'deliver']);
    const wrong = readConfig({ ...shared, TRIBUTARY_ROLES: 'ingest,api' });
    await assert.rejects(wrong, /TRIBUTARY_ROLES: must be some of .*; api is none/);
  });

  it('refuses what nodes cannot share: a log without its state, roles without a log', async () => {
    await assert.rejects(readConfig({ TRIBUTARY_LOG: 'kafka://broker' }), /log: Kafka needs/);
    await assert.rejects(readConfig({ TRIBUTARY_ROLES: 'ingest' }), /roles: fewer than all/);
  });

  it('takes proxies as text or as a list, and refuses what is no address or block', async () => {
    const { config } = await readConfig({
      TRIBUTARY_TRUSTED_PROXIES: ' 10.0.0.0/8, 2001:db8::/32 ,127.0.0.1',
    });
    assert.deepEqual(config.trustedProxies, ['10.0.0.0/8', '2001:db8::/32', '127.0.0.1']);
    const path = configFile('trustedProxies: [10.0.0.1, "::1"]\nproxyHeader: forwarded\n');
    const listed = (await readConfig({ TRIBUTARY_CONFIG: path })).config;
    assert.deepEqual(listed.trustedProxies, ['10.0.0.1', '::1']);
    assert.equal(listed.proxyHeader, 'forwarded');
    assert.deepEqual((await readConfig({})).config.trustedProxies, []);
    await assert.rejects(
      () =>
        readConfig({ TRIBUTARY_TRUSTED_PROXIES: '10.0.0.0/8,nginx', TRIBUTARY_PROXY_HEADER: 'x' }),
      (error) => {
        assert.ok(error instanceof TributaryError);
        assert.match(error.message, /TRIBUTARY_TRUSTED_PROXIES: .*nginx is neither/);
        assert.match(
          error.message,
          /TRIBUTARY_PROXY_HEADER: must be one of x-forwarded, forwarded/,
        );
        return true;
      },
    );
  });

  it('wants certificate and key together, an admin port of its own, and a region that is a short name', async () => {
    const environment = {
      TRIBUTARY_TLS_KEY: 'key.pem',
      TRIBUTARY_ADMIN_PORT: '8080',
    };
    await assert.rejects(
      () => readConfig(environment),
      (error) => {
        assert.ok(error instanceof TributaryError);
        assert.match(error.message, /tlsKey: needs tlsCert/);
        assert.match(error.message, /adminPort: must be another port/);
        return true;
      },
    );
    await assert.rejects(
      () => readConfig({ TRIBUTARY_REGION: 'Frankfurt am Main' }),
      /REGION: must/,
    );
    const { config } = await readConfig({
      TRIBUTARY_TLS_CERT: 'cert.pem',
      TRIBUTARY_TLS_KEY: 'key.pem',
      TRIBUTARY_ADMIN_PORT: '9000',
      TRIBUTARY_HOST: '0.0.0.0',
      TRIBUTARY_REGION: 'eu-1',
    });
    assert.equal(config.tlsCert, resolve('cert.pem'));
    assert.equal(config.adminPort, 9000);
    assert.equal(config.adminHost, '0.0.0.0');
    assert.equal(config.region, 'eu-1');
    assert.equal((await readConfig({})).config.adminPort, undefined);
  });

  it('takes the file, and the environment over it', async () => {
    const path = configFile('port: 9000\nhost: 0.0.0.0\n');
    const { config } = await readConfig({ TRIBUTARY_CONFIG: path, TRIBUTARY_PORT: '9001' });
    assert.equal(config.host, '0.0.0.0');
    assert.equal(config.port, 9001);
  });

  it('says so when the named file cannot be read', async () => {
    await assert.rejects(
      () => readConfig({ TRIBUTARY_CONFIG: join(folder, 'missing.yaml') }),
      /TRIBUTARY_CONFIG: /,
    );
  });

  it('warns of an unknown variable with the nearest known name', async () => {
    const { warnings } = await readConfig({ TRIBUTARY_PROT: '1', PATH: '/bin' });
    assert.equal(warnings.length, 1);
    assert.equal(warnings[0]?.key, 'TRIBUTARY_PROT');
    assert.match(warnings[0]?.problem ?? '', /did you mean TRIBUTARY_PORT\?/);
  });

  it('reads a secret from a file and a value from another variable', async () => {
    const secret = join(folder, 'token');
    writeFileSync(secret, 'hush\n');
    const path = configFile(`token: file:${secret}\npublicUrl: \${HERE}\n`);
    const { config } = await readConfig({
      TRIBUTARY_CONFIG: path,
      HERE: 'https://cdp.example.com/',
    });
    assert.equal(config.token, 'hush');
    assert.equal(config.publicUrl, 'https://cdp.example.com');
    await assert.rejects(() => readConfig({ TRIBUTARY_CONFIG: path }), /refers to HERE/);
  });

  it('masks secrets and passwords in what is logged', async () => {
    const { config } = await readConfig({
      TRIBUTARY_TOKEN: 'hush',
      TRIBUTARY_PUBLIC_URL: 'https://me:hush@cdp.example.com',
      TRIBUTARY_STATE: 'postgres://me:hush@hush:hush@db.example.com/tributary',
    });
    assert.doesNotMatch(JSON.stringify(maskedConfig(config)), /hush/);
  });
});
