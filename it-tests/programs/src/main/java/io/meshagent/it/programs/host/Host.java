package io.meshagent.it.programs.host;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Obeys the test: {@code open <name> <what>} runs an application, {@code ask <name> <command>}
 * hands it a command, {@code close <name>} takes it out, {@code collected <name>} says whether its
 * loader goes. Each answer is {@code done …} or {@code failed …}; {@code quit} ends.
 *
 * <p>Every command has a thread of its own, which ends with it: what an application leaves in the
 * locals of its caller must not decide whether it is collected.
 */
abstract class Host {

  /** How long a loader may take to be collected: gRPC's and Netty's threads end after seconds. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(40);

  static final String APPLICATION = "io.meshagent.it.programs.Application";

  private final Map<String, Opened> opened = new HashMap<>();
  private final Map<String, WeakReference<ClassLoader>> loaders = new HashMap<>();

  /** An application that runs. */
  interface Opened {

    /** The application, which takes a command and answers it. */
    Function<String, String> application() throws Exception;

    void close() throws Exception;
  }

  /**
   * Runs an application.
   *
   * @param what how and from where, as the kind of host understands it
   */
  abstract Opened open(String name, String what) throws Exception;

  final void obey() throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null && !line.equals("quit"); line = in.readLine()) {
      String[] words = line.split(" ", 3);
      System.out.println(answer(words[0], words[1], words.length > 2 ? words[2] : ""));
    }
  }

  private String answer(String command, String name, String rest) throws Exception {
    FutureTask<String> task = new FutureTask<>(command(command, name, rest));
    Thread thread = new Thread(task, "command");
    thread.start();
    thread.join();
    try {
      return "done " + task.get();
    } catch (Exception e) {
      e.printStackTrace();
      return "failed " + e;
    }
  }

  private Callable<String> command(String command, String name, String rest) {
    switch (command) {
      case "open":
        return () -> {
          Opened made = open(name, rest);
          opened.put(name, made);
          loaders.put(name, new WeakReference<>(made.application().getClass().getClassLoader()));
          return "open";
        };
      case "ask":
        return () -> asked(opened.get(name).application(), rest);
      case "close":
        return () -> {
          opened.remove(name).close();
          return "closed";
        };
      case "collected":
        return () -> Boolean.toString(isCollected(loaders.get(name)));
      default:
        throw new IllegalArgumentException(command);
    }
  }

  private static String asked(Function<String, String> application, String command) {
    Thread.currentThread().setContextClassLoader(application.getClass().getClassLoader());
    return application.apply(command);
  }

  private static boolean isCollected(WeakReference<ClassLoader> loader)
      throws InterruptedException {
    long began = System.nanoTime();
    while (loader.get() != null && System.nanoTime() - began < PATIENCE_NANOS) {
      System.gc();
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return loader.get() == null;
  }
}
