package io.meshagent.it.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The lines of one stream of a process, kept as they come by a thread of their own. Thread-safe.
 */
final class Output {

  /** A line and when it came, in milliseconds since the epoch. */
  record Said(long at, String line) {}

  private final List<String> lines = new ArrayList<>();
  private final List<Said> said = new ArrayList<>();
  private Consumer<String> listener = line -> {};
  private boolean ended;

  Output(InputStream stream, String name) {
    Thread reader = new Thread(() -> read(stream), name);
    reader.setDaemon(true);
    reader.start();
  }

  private void read(InputStream stream) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        synchronized (this) {
          lines.add(line);
          said.add(new Said(System.currentTimeMillis(), line));
          listener.accept(line);
          notifyAll();
        }
      }
    } catch (IOException e) {
      // The process is gone, and its pipe with it.
    } finally {
      synchronized (this) {
        ended = true;
        notifyAll();
      }
    }
  }

  synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  /** The same with their times. */
  synchronized List<Said> said() {
    return List.copyOf(said);
  }

  /** Hands every line on, those so far first. */
  synchronized void follow(Consumer<String> newListener) {
    lines.forEach(newListener);
    listener = newListener;
  }

  synchronized int size() {
    return lines.size();
  }

  /** The first matching line from the given one on, or null when time or the stream is over. */
  synchronized String await(int from, Predicate<String> wanted, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    int next = from;
    while (true) {
      for (; next < lines.size(); next++) {
        if (wanted.test(lines.get(next))) {
          return lines.get(next);
        }
      }
      long left = deadline - System.nanoTime();
      if (ended || left <= 0) {
        return null;
      }
      try {
        wait(left / 1_000_000 + 1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      }
    }
  }

  /** Waits until the process has closed the stream. */
  synchronized void awaitEnd(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!ended && deadline - System.nanoTime() > 0) {
      try {
        wait((deadline - System.nanoTime()) / 1_000_000 + 1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
