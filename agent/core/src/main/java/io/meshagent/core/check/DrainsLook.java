package io.meshagent.core.check;

import io.meshagent.core.config.Drains;
import io.meshagent.core.registry.etcd.connection.EtcdTrial;
import java.util.function.Consumer;

/** Instances that somebody drained, lest they are forgotten. Stateless. */
final class DrainsLook {

  static final String NAME = "drains";

  /** As many as programs read. */
  private static final int MOST = 256;

  private DrainsLook() {}

  /**
   * Tells of each.
   *
   * @param folder of the documents, which may be read
   */
  static void look(EtcdTrial trial, String folder, TimeLimit limit, Consumer<Finding> told) {
    Drains drains;
    try {
      drains = Drains.inDocuments(trial.values(folder, MOST, limit.leftMillis()));
    } catch (EtcdTrial.Failed e) {
      // Whether they can be read was told before; who may, and can't now, has other troubles.
      return;
    }
    for (Drains.Drain each : drains.all()) {
      told.accept(
          Finding.hint(
              NAME,
              each.instance() + " is " + each.note() + ", so it gets no new calls",
              "drain " + each.instance() + " --off brings it back"));
    }
  }
}
