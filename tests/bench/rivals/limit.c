/// The lower limit: only the D-Bus calls that the work needs, pipelined.
///
/// There is no check, no undo and no helpful message; a failure ends the program. The additional
/// time of csnet is the price of these.

#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

#define SERVICE "org.freedesktop.NetworkManager"
#define MANAGER "/org/freedesktop/NetworkManager"
#define SETTINGS SERVICE ".Settings"
#define CONNECTION SETTINGS ".Connection"
#define ACTIVE SERVICE ".Connection.Active"
#define BRIDGE SERVICE ".Device.Bridge"

enum { MOST_IN_FLIGHT = 100, TO_DISK = 1, ACTIVATED = 2, DEACTIVATED = 4 };
enum { FIRST_BRIDGE = 100000, FIRST_PORT = 200000 };

static GDBusConnection* bus;
static unsigned sent, answered;

_Noreturn static void die(const char* what, const char* why) {
  g_printerr("%s: %s\n", what, why);
  exit(1);
}

/// One call for each of `count` profiles: its object, its arguments, and the handler of its answer.
typedef struct {
  const char* interface;
  const char* method;
  const char* (*path)(unsigned number);            ///< Null: the settings.
  GVariant* (*arguments)(unsigned number);         ///< Null: none.
  void (*take)(unsigned number, GVariant* reply);  ///< Null: none.
} Job;

static const Job* job;

static void done(GObject* source, GAsyncResult* result, gpointer number) {
  GError* error = NULL;
  GVariant* reply = g_dbus_connection_call_finish(G_DBUS_CONNECTION(source), result, &error);
  if (!reply) die(job->method, error->message);
  if (job->take) job->take(GPOINTER_TO_UINT(number), reply);
  g_variant_unref(reply);
  ++answered;
}

static void pipeline(const Job* next, unsigned count) {
  job = next;
  sent = answered = 0;
  while (answered < count) {
    while (sent < count && sent - answered < MOST_IN_FLIGHT) {
      g_dbus_connection_call(
          bus, SERVICE, job->path ? job->path(sent) : MANAGER "/Settings", job->interface,
          job->method, job->arguments ? job->arguments(sent) : NULL, NULL,
          G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, done, GUINT_TO_POINTER(sent));
      ++sent;
    }
    g_main_context_iteration(NULL, TRUE);
  }
}

// The profiles. bulk.cpp has the same uuids.

static char** paths;       ///< The profiles' paths on the bus.
static GVariant** stored;  ///< The results of GetSettings.
static unsigned is_vlan;   ///< seed_up: with a VLAN between NIC and bridge.

static char* uuid_of(unsigned number) {
  return g_strdup_printf("00000000-0000-4000-8000-%012u", number);
}

static GVariant* with_options(GVariant* settings) {
  return g_variant_new("(@a{sa{sv}}ua{sv})", settings, TO_DISK, NULL);
}

static GVariant* parse(const char* text, ...) {
  va_list arguments;
  va_start(arguments, text);
  GVariant* value = g_variant_new_parsed_va(text, &arguments);
  va_end(arguments);
  return value;
}

#define ADDRESS                                                  \
  "'ipv4': {'method': <'manual'>, 'address-data': <[{'address':" \
  " <'192.168.100.10'>, 'prefix': <uint32 24>}]>}, 'ipv6': {'method': <'auto'>}"
#define NO_IP "'ipv4': {'method': <'disabled'>}, 'ipv6': {'method': <'disabled'>}"
#define OF_BRIDGE "'master': <'cloudbr0'>, 'slave-type': <'bridge'>"

static GVariant* seed_profile(unsigned number) {
  static const char* const profiles[] = {
      "{'connection': {'id': <'cloudbr0'>, 'uuid': <%s>, 'type': <'bridge'>, 'interface-name':"
      " <'cloudbr0'>, 'autoconnect': <false>}, 'bridge': {}, " ADDRESS "}",
      "{'connection': {'id': <'eth0.100'>, 'uuid': <%s>, 'type': <'vlan'>, 'interface-name':"
      " <'eth0.100'>, 'autoconnect': <false>, " OF_BRIDGE
      "}, 'bridge-port': {}, 'vlan': {'id':"
      " <uint32 100>, 'parent': <'eth0'>, 'flags': <uint32 1>}}",
      "{'connection': {'id': <'eth0'>, 'uuid': <%s>, 'type': <'802-3-ethernet'>, 'interface-name':"
      " <'eth0'>, 'autoconnect': <false>}, '802-3-ethernet': {}, " NO_IP "}"};
  char* uuid = g_uuid_string_random();
  GVariant* settings = parse(profiles[number], uuid);
  g_free(uuid);
  return with_options(settings);
}

/// The bridge without STP, which would block its traffic for 30 s; and the interfaces below it.
static GVariant* seed_up_profile(unsigned number) {
  if (is_vlan && number > 0) return seed_profile(number);
  static const char* const profiles[] = {
      "{'connection': {'id': <'cloudbr0'>, 'uuid': <%s>, 'type': <'bridge'>, 'interface-name':"
      " <'cloudbr0'>, 'autoconnect': <false>}, 'bridge': {'stp': <false>}, " ADDRESS "}",
      "{'connection': {'id': <'eth0'>, 'uuid': <%s>, 'type': <'802-3-ethernet'>, 'interface-name':"
      " <'eth0'>, 'autoconnect': <false>, " OF_BRIDGE
      "}, 'bridge-port': {}, '802-3-ethernet': {}}"};
  char* uuid = g_uuid_string_random();
  GVariant* settings = parse(profiles[number], uuid);
  g_free(uuid);
  return with_options(settings);
}

static GVariant* bulk_profile(unsigned number) {
  char* name = g_strdup_printf("bulk%u", number);
  char* uuid = uuid_of(number);
  GVariant* settings = parse(
      "{'connection': {'id': <%s>, 'uuid': <%s>, 'type': <'vlan'>, 'interface-name': <%s>,"
      " 'autoconnect': <false>}, 'vlan': {'id': <%u>, 'parent': <'trunk0'>, 'flags': <uint32 "
      "1>}, " NO_IP "}",
      name, uuid, name, 1 + number % 4094);
  g_free(name);
  g_free(uuid);
  return with_options(settings);
}

/// Even numbers are bridges, odd ones their ports.
static unsigned bridge_number(unsigned number) {
  return (number % 2 ? FIRST_PORT : FIRST_BRIDGE) + number / 2;
}

static GVariant* bridge_profile(unsigned number) {
  char* uuid = uuid_of(bridge_number(number));
  char* bridge = g_strdup_printf("bulkbr%u", number / 2);
  char* port = g_strdup_printf("bulkport%u", number / 2);
  GVariant* settings =
      number % 2 ? parse(
                       "{'connection': {'id': <%s>, 'uuid': <%s>, 'type': <'802-3-ethernet'>,"
                       " 'interface-name': <%s>, 'autoconnect': <false>, 'master': <%s>,"
                       " 'slave-type': <'bridge'>}, '802-3-ethernet': {}, 'bridge-port': {}}",
                       port, uuid, port, bridge)
                 : parse(
                       "{'connection': {'id': <%s>, 'uuid': <%s>, 'type': <'bridge'>,"
                       " 'interface-name': <%s>, 'autoconnect': <false>}, 'bridge': {'stp':"
                       " <false>}, " NO_IP "}",
                       bridge, uuid, bridge);
  g_free(uuid);
  g_free(bridge);
  g_free(port);
  return with_options(settings);
}

// The calls.

static const char* path_of(unsigned number) { return paths[number]; }
static const char* manager(unsigned number) {
  (void)number;
  return MANAGER;
}

static void take_path(unsigned number, GVariant* reply) {
  g_variant_get_child(reply, 0, "o", &paths[number]);
}

static void take_settings(unsigned number, GVariant* reply) {
  stored[number] = g_variant_get_child_value(reply, 0);
}

static GVariant* bulk_uuid(unsigned number) {
  char* uuid = uuid_of(number);
  GVariant* arguments = g_variant_new("(s)", uuid);
  g_free(uuid);
  return arguments;
}

static char** uuids;  ///< From the command line.

static GVariant* given_uuid(unsigned number) { return g_variant_new("(s)", uuids[number]); }

static GVariant* bridge_uuid(unsigned number) { return bulk_uuid(bridge_number(number)); }

static GVariant* with_mtu(unsigned number) {
  GVariantBuilder all;
  g_variant_builder_init(&all, G_VARIANT_TYPE("a{sa{sv}}"));
  GVariantIter each;
  GVariant* setting = NULL;
  const char* name = NULL;
  g_variant_iter_init(&each, stored[number]);
  while (g_variant_iter_loop(&each, "{&s@a{sv}}", &name, &setting)) {
    if (strcmp(name, "802-3-ethernet") != 0)
      g_variant_builder_add(&all, "{s@a{sv}}", name, setting);
  }
  g_variant_builder_add(&all, "{s@a{sv}}", "802-3-ethernet", parse("{'mtu': <uint32 1400>}"));
  return with_options(g_variant_builder_end(&all));
}

static GVariant* activation(unsigned number) {
  return g_variant_new("(ooo)", paths[number], "/", "/");
}

// Activation ends when the signals say that every profile is active and that each bridge has a
// carrier: a bridge cannot be used before.

/// By the active connection's path. Signals may arrive before the answer.
static GHashTable* states;
static GHashTable* carrying;  ///< The bridges' paths.
static char** active;

static void take_active(unsigned number, GVariant* reply) {
  g_variant_get_child(reply, 0, "o", &active[number]);
}

static void on_state(GDBusConnection* connection, const char* sender, const char* path,
                     const char* interface, const char* signal, GVariant* arguments,
                     gpointer data) {
  (void)connection, (void)sender, (void)interface, (void)signal, (void)data;
  guint32 state = 0;
  g_variant_get_child(arguments, 0, "u", &state);
  g_hash_table_insert(states, g_strdup(path), GUINT_TO_POINTER(state));
}

static void on_bridge(GDBusConnection* connection, const char* sender, const char* path,
                      const char* interface, const char* signal, GVariant* arguments,
                      gpointer data) {
  (void)connection, (void)sender, (void)interface, (void)signal, (void)data;
  gboolean carries = FALSE;
  GVariant* changed = g_variant_get_child_value(arguments, 1);
  if (g_variant_lookup(changed, "Carrier", "b", &carries)) {
    if (carries) {
      g_hash_table_add(carrying, g_strdup(path));
    } else {
      g_hash_table_remove(carrying, path);
    }
  }
  g_variant_unref(changed);
}

static void activate(unsigned count, unsigned bridges) {
  states = g_hash_table_new(g_str_hash, g_str_equal);
  carrying = g_hash_table_new(g_str_hash, g_str_equal);
  active = g_new0(char*, count);
  g_dbus_connection_signal_subscribe(bus, SERVICE, ACTIVE, "StateChanged", NULL, NULL,
                                     G_DBUS_SIGNAL_FLAGS_NONE, on_state, NULL, NULL);
  g_dbus_connection_signal_subscribe(bus, SERVICE, "org.freedesktop.DBus.Properties",
                                     "PropertiesChanged", NULL, BRIDGE, G_DBUS_SIGNAL_FLAGS_NONE,
                                     on_bridge, NULL, NULL);
  pipeline(&(Job){SERVICE, "ActivateConnection", manager, activation, take_active}, count);
  for (unsigned ready = 0; ready < count;) {
    switch (GPOINTER_TO_UINT(g_hash_table_lookup(states, active[ready]))) {
      case ACTIVATED:
        ++ready;
        break;
      case DEACTIVATED:
        die(active[ready], "did not come up");
      default:
        g_main_context_iteration(NULL, TRUE);
    }
  }
  while (g_hash_table_size(carrying) < bridges) g_main_context_iteration(NULL, TRUE);
}

int main(int argc, char** argv) {
  const char* work = argc > 1 ? argv[1] : "";
  const unsigned given = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
  GError* error = NULL;
  bus = g_bus_get_sync(G_BUS_TYPE_SYSTEM, NULL, &error);
  if (!bus) die("the bus", error->message);

  const gboolean is_bridges = g_str_has_suffix(work, "bridges") || strcmp(work, "up") == 0;
  const unsigned count = is_bridges ? 2 * given : given;
  paths = g_new0(char*, count + (unsigned)argc + 3);
  stored = g_new0(GVariant*, count);
  const Job find = {SETTINGS, "GetConnectionByUuid", NULL, is_bridges ? bridge_uuid : bulk_uuid,
                    take_path};
  const Job remove = {CONNECTION, "Delete", path_of, NULL, NULL};

  if (strcmp(work, "seed") == 0) {
    pipeline(&(Job){SETTINGS, "AddConnection2", NULL, seed_profile, NULL}, 3);
  } else if (strcmp(work, "seed_up") == 0) {  // given: 1 with the VLAN, 0 without
    is_vlan = given;
    pipeline(&(Job){SETTINGS, "AddConnection2", NULL, seed_up_profile, take_path}, is_vlan ? 3 : 2);
    activate(is_vlan ? 3 : 2, 1);
  } else if (strcmp(work, "add") == 0) {
    pipeline(&(Job){SETTINGS, "AddConnection2", NULL, bulk_profile, NULL}, count);
  } else if (strcmp(work, "change") == 0) {
    pipeline(&find, count);
    pipeline(&(Job){CONNECTION, "GetSettings", path_of, NULL, take_settings}, count);
    pipeline(&(Job){CONNECTION, "Update2", path_of, with_mtu, NULL}, count);
  } else if (strcmp(work, "add_bridges") == 0) {
    pipeline(&(Job){SETTINGS, "AddConnection2", NULL, bridge_profile, NULL}, count);
  } else if (strcmp(work, "up") == 0) {
    pipeline(&find, count);
    activate(count, given);
  } else if (strcmp(work, "delete") == 0) {
    uuids = argv + 2;
    pipeline(&(Job){SETTINGS, "GetConnectionByUuid", NULL, given_uuid, take_path},
             (unsigned)argc - 2);
    pipeline(&remove, (unsigned)argc - 2);
  } else if (strcmp(work, "remove") == 0 || strcmp(work, "remove_bridges") == 0) {
    pipeline(&find, count);
    pipeline(&remove, count);
  } else {
    die(work, "no such work");
  }
  return 0;
}
