package io.meshagent.core.check;

import io.meshagent.core.config.EntryFormat;
import io.meshagent.core.config.EntrySource;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.config.Settings;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.connection.EtcdRight;
import io.meshagent.core.registry.etcd.connection.EtcdTrial;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Whether etcd gives the rights that the configuration needs: to read each part that is read, to
 * write where servers are registered, to have a lease. Writes nothing, see {@link EtcdTrial#write}.
 * Immutable.
 */
final class EtcdRights {

  static final String NAME = "etcd-rights";

  /** Below a prefix, where no service is: their names have no dash. */
  private static final String PROBE = "mesh-agent-check/0";

  private static final String GRANT = "etcdctl role grant-permission ROLE ";

  private final Settings settings;

  /** Names of services whose servers are registered; empty where nobody knows yet. */
  private final Set<String> services;

  EtcdRights(Settings settings, Collection<String> services) {
    this.settings = settings;
    this.services = new TreeSet<>(services);
  }

  void look(EtcdTrial trial, TimeLimit limit, Consumer<Finding> told) throws EtcdTrial.Failed {
    boolean documents = settings.get(RegistryKeys.DOCUMENTS_ENABLED);
    String folder = settings.get(RegistryKeys.DOCUMENTS_PREFIX);
    if (settings.get(RegistryKeys.DISCOVER_ENABLED)) {
      Set<String> prefixes = new LinkedHashSet<>();
      prefixes.add(settings.get(RegistryKeys.ETCD_PREFIX) + "/");
      for (EntrySource other : settings.get(RegistryKeys.REGISTRY_READ)) {
        prefixes.add(other.prefix() + "/");
      }
      for (String prefix : prefixes) {
        read(trial, prefix, "who hosts what, so calls are not led to instances", limit, told);
      }
    }
    if (settings.get(RegistryKeys.REGISTER_ENABLED)) {
      trial.lease(settings.get(RegistryKeys.REGISTRY_TTL).toMillis() / 1_000, limit.leftMillis());
      told.accept(Finding.good(NAME, "etcd grants a lease, and takes it back"));
      for (EntryFormat format : settings.get(RegistryKeys.REGISTRY_WRITE)) {
        write(trial, root(format), limit, told);
      }
    }
    if (documents) {
      read(trial, folder + "/policies/", "the documents that change policies", limit, told);
      report(trial, folder + "/agents/", limit, told);
      DrainsLook.look(trial, folder + "/policies/", limit, told);
    }
  }

  private String root(EntryFormat format) {
    switch (format) {
      case GO_ZERO:
        String prefix = settings.get(RegistryKeys.REGISTRY_GO_ZERO_PREFIX);
        return prefix.isEmpty() ? "" : prefix + "/";
      case KRATOS:
        return settings.get(RegistryKeys.REGISTRY_KRATOS_NAMESPACE) + "/";
      default:
        return settings.get(RegistryKeys.ETCD_PREFIX) + "/";
    }
  }

  private void read(
      EtcdTrial trial, String prefix, String what, TimeLimit limit, Consumer<Finding> told)
      throws EtcdTrial.Failed {
    try {
      trial.list(prefix, limit.leftMillis());
      told.accept(Finding.good(NAME, "etcd lets this program read below " + prefix));
    } catch (EtcdTrial.Failed e) {
      unlessRefused(e);
      told.accept(
          Finding.wrong(
              NAME,
              "etcd does not let this program read below " + prefix + ": " + what,
              GRANT + "read --prefix=true " + prefix + ", for a role of etcd.user"));
    }
  }

  private static void unlessRefused(EtcdTrial.Failed e) throws EtcdTrial.Failed {
    if (e.failure().kind() != EtcdFailure.Kind.REFUSED) {
      throw e;
    }
  }

  private void write(EtcdTrial trial, String prefix, TimeLimit limit, Consumer<Finding> told)
      throws EtcdTrial.Failed {
    if (!services.isEmpty()) {
      for (String service : services) {
        writeOf(trial, prefix + service + "/", limit, told);
      }
      return;
    }
    try {
      trial.write(prefix + PROBE, limit.leftMillis());
      told.accept(Finding.good(NAME, "etcd lets this program register below " + shown(prefix)));
    } catch (EtcdTrial.Failed e) {
      unlessRefused(e);
      told.accept(refused(trial, prefix, limit));
    }
  }

  private static String shown(String prefix) {
    return prefix.isEmpty() ? "the name of any service" : prefix;
  }

  private void writeOf(EtcdTrial trial, String prefix, TimeLimit limit, Consumer<Finding> told)
      throws EtcdTrial.Failed {
    try {
      trial.write(prefix + PROBE, limit.leftMillis());
      told.accept(Finding.good(NAME, "etcd lets this program register below " + prefix));
    } catch (EtcdTrial.Failed e) {
      unlessRefused(e);
      told.accept(notRegistered(prefix, prefix));
    }
  }

  private static Finding notRegistered(String prefix, String grantedPrefix) {
    return Finding.wrong(
        NAME,
        "etcd does not let this program write below "
            + shown(prefix)
            + ", so its servers will not be registered",
        GRANT
            + "readwrite --prefix=true "
            + grantedPrefix
            + ", for a role of etcd.user; or say register.enabled=false if it hosts nothing");
  }

  /** It may have the right for its own services alone, as it should. */
  private Finding refused(EtcdTrial trial, String prefix, TimeLimit limit) {
    List<String> own = new ArrayList<>();
    try {
      String user = settings.get(RegistryKeys.ETCD_USER);
      for (EtcdRight right : trial.rights(user, limit.leftMillis())) {
        if (right.writesBelow(prefix)) {
          own.add(right.keys());
        }
      }
    } catch (EtcdTrial.Failed e) {
      return Finding.hint(
          NAME,
          "etcd does not let this program write everywhere below "
              + shown(prefix)
              + ", and does not say where it may ("
              + e.failure().why()
              + ")",
          "see to it that its role may write below " + prefix + "SERVICE/ for what it hosts");
    }
    return own.isEmpty()
        ? notRegistered(prefix, prefix + "SERVICE/")
        : Finding.good(
            NAME, "etcd lets this program register below " + String.join(", ", own) + " only");
  }

  /** Nothing depends on it. */
  private static void report(
      EtcdTrial trial, String prefix, TimeLimit limit, Consumer<Finding> told)
      throws EtcdTrial.Failed {
    try {
      trial.write(prefix + PROBE, limit.leftMillis());
      told.accept(Finding.good(NAME, "etcd lets this program report below " + prefix));
    } catch (EtcdTrial.Failed e) {
      unlessRefused(e);
      told.accept(
          Finding.hint(
              NAME,
              "etcd does not let this program write below "
                  + prefix
                  + ", so policies can't tell who runs them",
              GRANT + "readwrite --prefix=true " + prefix + ", for a role of etcd.user"));
    }
  }
}
