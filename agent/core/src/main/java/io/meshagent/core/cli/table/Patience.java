package io.meshagent.core.cli.table;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * What a command does, for so long and no longer, whoever does not answer. It runs on a thread of
 * its own that nobody waits for when time is up: the process is about to end.
 */
final class Patience implements Command.Action {

  static final String OPTION = "--within";

  /** Nobody answered. */
  static final int SILENCE = 3;

  private static final Pattern SECONDS = Pattern.compile("[1-9]\\d{0,3}");

  private final String name;
  private final Command.Action action;
  private final int seconds;

  /**
   * @param name of the command
   * @param seconds how long if nobody says otherwise
   */
  Patience(String name, Command.Action action, int seconds) {
    this.name = name;
    this.action = action;
    this.seconds = seconds;
  }

  @Override
  public int run(Given given, Io io) throws Misuse {
    String said = given.option(OPTION);
    if (said != null && !SECONDS.matcher(said).matches()) {
      throw new Misuse(OPTION + " takes seconds, 1 to 9999, and not " + said + ".");
    }
    if (said == null && given.words().contains("-")) {
      // Somebody types.
      return action.run(given, io);
    }
    return run(given, io, said == null ? seconds : Integer.parseInt(said));
  }

  private int run(Given given, Io io, int most) throws Misuse {
    FutureTask<Integer> task = new FutureTask<>(() -> action.run(given, io));
    Thread thread = new Thread(task, "mesh-agent " + name);
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(most, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      boolean unused = task.cancel(true);
      io.err()
          .println(
              "mesh-agent: "
                  + name
                  + " was not done within "
                  + most
                  + " s and has ended; somebody did not answer. "
                  + OPTION
                  + " gives it more time.");
      return SILENCE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return SILENCE;
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof Misuse) {
        throw (Misuse) cause;
      }
      if (cause instanceof Error) {
        throw (Error) cause;
      }
      throw cause instanceof RuntimeException
          ? (RuntimeException) cause
          : new IllegalStateException(cause);
    }
  }
}
