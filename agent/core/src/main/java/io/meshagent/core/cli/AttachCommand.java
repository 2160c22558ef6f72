package io.meshagent.core.cli;

import io.meshagent.bootstrap.MeshAgent;
import io.meshagent.core.attach.Order;
import io.meshagent.core.attach.OrderResult;
import io.meshagent.core.config.CommandLineSecret;
import io.meshagent.core.config.ConfigLoader;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.Policies;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * {@code attach PID [FILE | key=value …]} and {@code detach PID}: gives a running program the
 * order, waits for its answer and says it in one sentence. {@code attach} alone lists the JVMs.
 * Exit status 0 when it is so now, 1 when it is not, 2 for wrong use.
 */
final class AttachCommand {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long LOOK_MILLIS = 50;

  /** Under a security manager, which only a policy that names our jar lets it pass. */
  private static final long UNLIKELY_NANOS = TimeUnit.SECONDS.toNanos(15);

  private static final String SILENCE =
      "has not said within a minute what became of it; see its error stream.";

  /** What a JVM takes of a jar and its argument together, in bytes. */
  private static final int LONGEST = 1_000;

  private final PrintStream out;
  private final Path proc;

  AttachCommand(PrintStream out, Path proc) {
    this.out = out;
    this.proc = proc;
  }

  static int attach(List<String> args, PrintStream out) {
    return new AttachCommand(out, Paths.get("/proc")).attach(args);
  }

  static int detach(List<String> args, PrintStream out) {
    return new AttachCommand(out, Paths.get("/proc")).detach(args);
  }

  int attach(List<String> args) {
    if (args.isEmpty()) {
      AttachApi api = api();
      return api == null ? 1 : new JvmList(api, out, proc).run();
    }
    List<String> words = args.subList(1, args.size());
    boolean settings = !words.isEmpty() && words.stream().allMatch(word -> word.indexOf('=') > 0);
    if (!isPid(args.get(0)) || (!settings && words.size() > 1)) {
      out.println("usage: java -jar mesh-agent.jar attach [PID [FILE | key=value ...]]");
      return 2;
    }
    String configuration = "";
    Settings read = null;
    if (settings) {
      configuration = String.join("\n", words);
      read = ConfigLoader.loadText(Policies.keys(), "command line", configuration);
      String exposed = CommandLineSecret.among(read, words);
      if (exposed != null) {
        out.println("warning: " + exposed + ".");
      }
    } else if (!words.isEmpty()) {
      try {
        Path file = Paths.get(words.get(0)).toAbsolutePath();
        configuration = file.toString();
        read = ConfigLoader.loadFile(Policies.keys(), file);
      } catch (InvalidPathException e) {
        out.println(words.get(0) + ": this is no path of a file.");
        return 1;
      }
    }
    if (read != null && !read.problems().isEmpty()) {
      read.problems().forEach(out::println);
      return say(args.get(0), false, "was left as it is; correct the configuration first.");
    }
    return give(args.get(0), Order.Kind.ATTACH, configuration);
  }

  int detach(List<String> args) {
    if (args.size() != 1 || !isPid(args.get(0))) {
      out.println("usage: java -jar mesh-agent.jar detach PID");
      return 2;
    }
    return give(args.get(0), Order.Kind.DETACH, "");
  }

  private static boolean isPid(String word) {
    return word.matches("[1-9]\\d{0,9}");
  }

  private int give(String pid, Order.Kind kind, String configuration) {
    AttachApi api = api();
    if (api == null) {
      return 1;
    }
    try {
      TargetProcess process = new TargetProcess(proc, pid);
      String obstacle = process.obstacle(api.list().containsKey(pid));
      if (obstacle != null) {
        return say(pid, false, obstacle);
      }
      String id = UUID.randomUUID().toString().replace("-", "");
      String jar = MeshAgent.jarFile().getPath();
      String argument = Order.of(kind, id, configuration).text();
      if (jar.length() + argument.length() > LONGEST) {
        return say(pid, false, "can't be handed so many settings; put them into a file.");
      }
      try (AttachApi.Session session = api.attach(pid)) {
        boolean manager = AttachTrouble.hasManager(session.systemProperty("java.security.manager"));
        load(session, jar, argument);
        OrderResult answer = answer(session, id, manager ? UNLIKELY_NANOS : PATIENCE_NANOS);
        return answer == null
            ? say(pid, false, manager ? AttachTrouble.MANAGER : SILENCE)
            : say(pid, answer.isGood(), answer.sentence());
      }
    } catch (AttachApi.Failure e) {
      return say(pid, false, AttachTrouble.sentence(e.getMessage()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return say(pid, false, "was given the order; nobody waited for the answer.");
    }
  }

  private static void load(AttachApi.Session session, String jar, String argument)
      throws AttachApi.Failure {
    try {
      session.loadAgent(jar, argument);
    } catch (AttachApi.Failure e) {
      if (!AttachTrouble.isNone(e.getMessage())) {
        throw e;
      }
    }
  }

  /** Null if there is none in time. */
  private static OrderResult answer(AttachApi.Session session, String id, long patienceNanos)
      throws AttachApi.Failure, InterruptedException {
    long began = System.nanoTime();
    while (System.nanoTime() - began < patienceNanos) {
      OrderResult answer = OrderResult.readFrom(session.agentProperties(), id);
      if (answer != null) {
        return answer;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    return null;
  }

  private int say(String pid, boolean good, String sentence) {
    out.println("pid " + pid + ": " + sentence);
    return good ? 0 : 1;
  }

  /** Says what to do if there is none. */
  private AttachApi api() {
    AttachApi api = AttachApi.find();
    if (api == null) {
      out.println(
          "The Java in "
              + System.getProperty("java.home")
              + " can't attach to others, because it is a JRE or lacks the module jdk.attach;"
              + " give the command with the java of a JDK, of any version.");
    }
    return api;
  }
}
