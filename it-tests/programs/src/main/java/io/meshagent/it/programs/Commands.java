package io.meshagent.it.programs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Lets the test that started a program talk to it: one command a line, on the calling thread. */
public final class Commands {

  /** Carries out one command; what it says goes to stdout. */
  public interface Command {
    void run(String[] words) throws Exception;
  }

  private Commands() {}

  /** Returns when the test said {@code quit} or went away. */
  public static void follow(Command command) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null && !line.equals("quit"); line = in.readLine()) {
      try {
        command.run(line.split(" ", -1));
      } catch (Exception e) {
        System.out.println("failed " + e);
      }
    }
  }
}
