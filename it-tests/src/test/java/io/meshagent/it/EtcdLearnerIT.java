package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A member of etcd that follows the others, but answers nothing yet. */
class EtcdLearnerIT {

  @AutoClose private final EtcdServer etcd = EtcdServer.start();
  @AutoClose private final EtcdServer learner = etcd.learner();
  @AutoClose private final World world = World.on(etcd);

  @Thorough
  @Test
  void a_learner_is_told_from_an_etcd_that_does_not_answer_and_passed_over() {
    Jvm alone = world.loadClient().mesh("etcd.endpoints", learner.endpoint()).start();
    alone.load("calls n=1 service=warm.Up");
    alone.awaitError(line -> line.contains("is a learner, which answers nothing"), Jvm.PATIENCE);
    assertThat(alone.stderr()).noneMatch(line -> line.contains("etcd does not answer"));

    world.flakyServer("a").start().awaitPort();
    // Each begins with one of the endpoints by chance, and two of the three are the learner.
    String again = learner.endpoint().replace("127.0.0.1", "localhost");
    String both = String.join(",", learner.endpoint(), again, etcd.endpoint());
    List<Jvm> clients =
        List.of(
            world.loadClient().mesh("etcd.endpoints", both).start(),
            world.loadClient().mesh("etcd.endpoints", both).start(),
            world.loadClient().mesh("etcd.endpoints", both).start());
    for (Jvm client : clients) {
      client.awaitInstances(1);
      assertThat(client.load("calls n=20").okBy()).isEqualTo(Map.of("a", 20));
      assertThat(client.stderr()).noneMatch(line -> line.contains("learner"));
    }
  }
}
