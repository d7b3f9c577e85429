#!/bin/bash
# A real Keystone and Glance from Debian's packages, on loopback, as plain processes:  openstack.sh up|down DIR
# Writes DIR/peers.json: URLs, two members of two projects, an administrator, an application credential.
set -eu -o pipefail
WHAT=$1 DIR=$(realpath -m "$2")
KEYSTONE=127.0.0.1:${KEYSTONE_PORT:-35000} GLANCE=127.0.0.1:${GLANCE_PORT:-39292}
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive no_proxy=127.0.0.1 NO_PROXY=127.0.0.1
unset "${!OS_@}"

stop() {
  local file=$DIR/$1.pid pid
  [ -s "$file" ] || return 0
  pid=$(cat "$file")
  if grep -qs "$DIR" "/proc/$pid/cmdline"; then
    kill -TERM "$pid" || true
    for _ in $(seq 100); do [ -d "/proc/$pid" ] || break; sleep 0.1; done
    [ ! -d "/proc/$pid" ] || kill -KILL -- "-$pid" 2>/dev/null || true
  fi
  rm -f "$file"
}
if [ "$WHAT" = down ]; then stop glance; stop keystone; exit 0; fi

answers() { # URL: waits a minute for any answer
  for _ in $(seq 300); do curl -s -o /dev/null -m 5 "$1" && return 0; sleep 0.2; done
  echo "$1 does not answer; see $DIR/*.log" >&2; return 1
}
missing=
for p in keystone glance-api python3-openstackclient python3-glanceclient python3-openstacksdk uwsgi-core uwsgi-plugin-python3 sqlite3 curl; do
  dpkg-query -W -f='${db:Status-Status}' "$p" 2>/dev/null | grep -qx installed || missing="$missing $p"
done
if [ -n "$missing" ]; then
  # The packages must not start services of their own.
  [ -e /usr/sbin/policy-rc.d ] || { printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d; made=1; }
  trap '[ -z "${made:-}" ] || rm -f /usr/sbin/policy-rc.d' EXIT
  # shellcheck disable=SC2086
  apt-get install -y --no-install-recommends $missing >"${TMPDIR:-/tmp}/peers-apt.$$" 2>&1 ||
    { apt-get update && apt-get install -y --no-install-recommends $missing; } >>"${TMPDIR:-/tmp}/peers-apt.$$" 2>&1 ||
    { tail -n 20 "${TMPDIR:-/tmp}/peers-apt.$$" >&2; exit 1; }
  rm -f "${TMPDIR:-/tmp}/peers-apt.$$"
fi
mkdir -p "$DIR"/{keys,credential,store1,store2,staging,tasks,lock,work}
secret() { [ -s "$DIR/$1.secret" ] || (umask 077; head -c 18 /dev/urandom | base64 | tr '+/' '-_' > "$DIR/$1.secret"); cat "$DIR/$1.secret"; }
ADMIN=$(secret admin) SERVICE=$(secret glance) ALICE=$(secret alice) BOB=$(secret bob)

cat > "$DIR/keystone.conf" <<C
[DEFAULT]
log_file = $DIR/keystone.log
[database]
connection = sqlite:///$DIR/keystone.sqlite
[fernet_tokens]
key_repository = $DIR/keys
[fernet_receipts]
key_repository = $DIR/keys
[credential]
key_repository = $DIR/credential
[cache]
enabled = false
C
manage() { keystone-manage --config-file "$DIR/keystone.conf" "$@" >>"$DIR/init.log" 2>&1; }
if [ ! -e "$DIR/keystone.ready" ]; then
  manage db_sync
  sqlite3 "$DIR/keystone.sqlite" 'PRAGMA journal_mode=WAL' >/dev/null # else readers lock writers out
  manage fernet_setup --keystone-user root --keystone-group root
  manage credential_setup --keystone-user root --keystone-group root
  touch "$DIR/keystone.ready"
fi
manage bootstrap --bootstrap-password "$ADMIN" --bootstrap-region-id RegionOne --bootstrap-admin-url "http://$KEYSTONE/v3/" \
  --bootstrap-internal-url "http://$KEYSTONE/v3/" --bootstrap-public-url "http://$KEYSTONE/v3/"
stop keystone
cat > "$DIR/uwsgi.ini" <<C
[uwsgi]
plugins = python3
http-socket = $KEYSTONE
wsgi-file = /usr/bin/keystone-wsgi-public
buffer-size = 65535
master = true
processes = 2
threads = 4
enable-threads = true
thunder-lock = true
lazy-apps = true
no-orphans = true
die-on-term = true
need-app = true
add-header = Connection: close
env = OS_KEYSTONE_CONFIG_FILES=$DIR/keystone.conf
logto = $DIR/keystone-uwsgi.log
chdir = $DIR
C
setsid uwsgi_python3 --ini "$DIR/uwsgi.ini" </dev/null >/dev/null 2>&1 &
echo $! > "$DIR/keystone.pid"
answers "http://$KEYSTONE/v3"

PYTHONWARNINGS=ignore /usr/bin/python3 - "http://$KEYSTONE/v3" "http://$GLANCE" "$DIR" <<P
import json, os, sys
import openstack
keystone, glance, folder = sys.argv[1:]
secrets = {name: open(f'{folder}/{name}.secret').read().strip() for name in ('admin', 'glance', 'alice', 'bob')}
def connect(user, project):
    return openstack.connect(auth_url=keystone, username=user, password=secrets[user], project_name=project, user_domain_id='default',
        project_domain_id='default', region_name='RegionOne', load_yaml_config=False, load_envvars=False)
identity = connect('admin', 'admin').identity
roles = {role.name: role.id for role in identity.roles()}
for role in ('member', 'reader', 'service'):
    roles.setdefault(role, None)
    roles[role] = roles[role] or identity.create_role(name=role).id
projects = {name: (identity.find_project(name) or identity.create_project(name=name, domain_id='default')).id for name in ('service', 'project-a', 'project-b')}
for user, project, granted in (('glance', 'service', ('admin', 'service')), ('alice', 'project-a', ('member',)), ('bob', 'project-b', ('member',))):
    found = identity.find_user(user) or identity.create_user(name=user, password=secrets[user], domain_id='default', default_project_id=projects[project])
    for role in granted:
        identity.put(f'/projects/{projects[project]}/users/{found.id}/roles/{roles[role]}')
service = next(iter(identity.services(type='image')), None) or identity.create_service(type='image', name='glance')
known = {endpoint.interface: endpoint for endpoint in identity.endpoints(service_id=service.id)}
for interface in ('public', 'internal', 'admin'):
    if interface not in known:
        identity.create_endpoint(service_id=service.id, interface=interface, region_id='RegionOne', url=glance)
    elif known[interface].url != glance:
        identity.update_endpoint(known[interface].id, url=glance)
alice = connect('alice', 'project-a')
for old in alice.identity.application_credentials(alice.current_user_id):
    alice.identity.delete_application_credential(alice.current_user_id, old.id)
credential = alice.identity.create_application_credential(alice.current_user_id, name='test', secret=secrets['alice'] + '-app', roles=[{'name': 'member'}])
with open(os.open(f'{folder}/peers.json', os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 'w') as out:
    json.dump({'authUrl': keystone, 'imageUrl': glance, 'region': 'RegionOne', 'domain': 'Default', 'secondStore': 'store2',
        'member': {'user': 'alice', 'password': secrets['alice'], 'project': 'project-a'},
        'other': {'user': 'bob', 'password': secrets['bob'], 'project': 'project-b'},
        'admin': {'user': 'admin', 'password': secrets['admin'], 'project': 'admin'},
        'credential': {'id': credential.id, 'secret': secrets['alice'] + '-app'}}, out)
P

sed "/healthcheck_disable/s#=.*#= $DIR/healthcheck_disable#" /usr/share/glance-common/glance-api-paste.ini > "$DIR/paste.ini"
cat > "$DIR/glance.conf" <<C
[DEFAULT]
bind_host = ${GLANCE%:*}
bind_port = ${GLANCE#*:}
workers = 2
worker_self_reference_url = http://$GLANCE
log_file = $DIR/glance.log
enabled_backends = store1:file, store2:file
enabled_import_methods = [glance-direct,web-download,copy-image]
[glance_store]
default_backend = store1
[store1]
filesystem_store_datadir = $DIR/store1
[store2]
filesystem_store_datadir = $DIR/store2
[os_glance_staging_store]
filesystem_store_datadir = $DIR/staging
[os_glance_tasks_store]
filesystem_store_datadir = $DIR/tasks
[database]
connection = sqlite:///$DIR/glance.sqlite
[keystone_authtoken]
auth_type = password
auth_url = http://$KEYSTONE/v3
www_authenticate_uri = http://$KEYSTONE/v3
username = glance
password = $SERVICE
project_name = service
user_domain_id = default
project_domain_id = default
[paste_deploy]
flavor = keystone
config_file = $DIR/paste.ini
[oslo_concurrency]
lock_path = $DIR/lock
[task]
work_dir = $DIR/work
[import_filtering_opts]
allowed_hosts = [127.0.0.1,localhost]
allowed_ports = []
C
chmod 600 "$DIR/glance.conf"
[ -e "$DIR/glance.ready" ] || { glance-manage --config-file "$DIR/glance.conf" db_sync >>"$DIR/init.log" 2>&1; sqlite3 "$DIR/glance.sqlite" 'PRAGMA journal_mode=WAL' >/dev/null; touch "$DIR/glance.ready"; }
stop glance
setsid /usr/bin/glance-api --config-file "$DIR/glance.conf" </dev/null >>"$DIR/glance.out" 2>&1 &
echo $! > "$DIR/glance.pid"
answers "http://$GLANCE/healthcheck"
