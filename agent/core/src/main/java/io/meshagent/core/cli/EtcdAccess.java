package io.meshagent.core.cli;

import io.meshagent.core.cli.table.Given;
import io.meshagent.core.cli.table.Misuse;
import io.meshagent.core.config.Parsed;
import io.meshagent.core.config.PlaintextPassword;
import io.meshagent.core.config.Problem;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.config.Settings;
import io.meshagent.core.log.Printable;
import io.meshagent.core.registry.etcd.EtcdUnavailable;
import io.meshagent.core.registry.etcd.StoredDocuments;
import io.meshagent.core.registry.etcd.access.ConfiguredEtcd;
import java.io.PrintStream;
import java.util.List;

/** Opens the etcd that the configuration names, or says why it can't. Stateless. */
final class EtcdAccess {

  private static final String ETCD = "--etcd";

  private EtcdAccess() {}

  /** What is done with the documents. */
  interface Act {
    int on(StoredDocuments stored) throws EtcdUnavailable;
  }

  /**
   * What the option says of where etcd is: what can't be read must not have another one written.
   *
   * @return null where it is not given
   */
  static String endpoints(Given given) throws Misuse {
    String said = given.option(ETCD);
    if (said == null) {
      return null;
    }
    Parsed<List<String>> parsed = RegistryKeys.ETCD_ENDPOINTS.type().parse(said);
    if (parsed.isProblem()) {
      throw new Misuse(ETCD + " " + said + " " + parsed.problem() + ".");
    }
    if (parsed.value().isEmpty()) {
      throw new Misuse(ETCD + " names no etcd.");
    }
    return said;
  }

  /**
   * Does something with the documents.
   *
   * @param out where it is said why that is not possible
   * @return the exit status
   */
  static int documents(Settings settings, PrintStream out, Act act) {
    for (Problem problem : settings.problems()) {
      out.println("warning: " + problem);
    }
    String plaintext = PlaintextPassword.problem(settings);
    if (plaintext != null) {
      return say(plaintext + ".", out);
    }
    if (settings.get(RegistryKeys.ETCD_ENDPOINTS).isEmpty()) {
      return say(
          "etcd.endpoints is not set, so there is nowhere to look; set it as for the agent: in"
              + " mesh-agent.properties, as MESH_ETCD_ENDPOINTS, or by -Dmesh.etcd.endpoints=…"
              + " before -jar.",
          out);
    }
    try (StoredDocuments stored =
        new StoredDocuments(
            ConfiguredEtcd.of(settings), settings.get(RegistryKeys.DOCUMENTS_PREFIX))) {
      return act.on(stored);
    } catch (EtcdUnavailable e) {
      return say("etcd did not do it: " + e.getMessage() + ".", out);
    }
  }

  private static int say(String sentence, PrintStream out) {
    out.println(Printable.of(sentence));
    return Exit.TROUBLE;
  }
}
