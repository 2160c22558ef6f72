package io.meshagent.core.engine;

import io.meshagent.core.api.Instance.Metadata;
import io.meshagent.core.config.ConsoleKeys;
import io.meshagent.core.console.publish.BadInstance;
import io.meshagent.core.console.publish.CallPublisher;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.run.TaskLoop;
import io.meshagent.core.run.ThreadLoop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** What the console of the mesh is told by this program, if it wants that. For the engine. */
final class CallTelling {

  private static final List<String> WHO =
      Collections.unmodifiableList(
          Arrays.asList(
              Metadata.APPLICATION,
              Metadata.VERSION,
              Metadata.ZONE,
              Metadata.AGENT,
              Metadata.ADMIN));

  private final Parts parts;

  /** Its thread starts once somebody wants to know. */
  private final TaskLoop loop = ThreadLoop.named("summary");

  private final CallPublisher publisher;

  /**
   * @param admin {@code host:port} of the admin page, or null if there is none
   * @param routes what the page shows of them
   */
  CallTelling(Parts parts, Registry registry, String admin, Supplier<Map<String, Object>> routes) {
    this.parts = parts;
    String id = parts.identity.id();
    this.publisher =
        new CallPublisher(
            loop,
            parts.metrics::callsMade,
            () -> bad(routes.get()),
            () -> who(id, parts.identity.metadata(admin)),
            text -> registry.summary(id, text),
            () -> ThreadLocalRandom.current().nextDouble());
  }

  void start() {
    parts.settings.watch(next -> publisher.become(next.get(ConsoleKeys.PUBLISH)));
    publisher.become(parts.settings.now().get(ConsoleKeys.PUBLISH));
  }

  private static Map<String, String> who(String id, Map<String, String> facts) {
    Map<String, String> who = new LinkedHashMap<>();
    who.put("id", id);
    for (String name : WHO) {
      if (facts.containsKey(name)) {
        who.put(name, facts.get(name));
      }
    }
    return who;
  }

  private static List<BadInstance> bad(Map<String, Object> routes) {
    List<BadInstance> bad = new ArrayList<>();
    Object rows = routes.get("left out");
    for (Object each : rows instanceof List ? (List<?>) rows : Collections.emptyList()) {
      Map<?, ?> row = (Map<?, ?>) each;
      bad.add(
          new BadInstance(
              String.valueOf(row.get("service")),
              String.valueOf(row.get("instance")),
              String.valueOf(row.get("because"))));
    }
    return bad;
  }

  void close() {
    loop.close();
  }
}
