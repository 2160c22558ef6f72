package io.meshagent.core.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Finds secrets among the words of a command line, which every user of a machine may list. Names
 * them and never repeats them. Stateless.
 */
public final class CommandLineSecret {

  private static final String PROPERTY = "-Dmesh.";
  private static final String AGENT = "-javaagent:";

  private CommandLineSecret() {}

  /**
   * What to say of this JVM's own command line.
   *
   * @param settings as loaded, for systems that do not tell the command line
   * @param commandLine {@code /proc/self/cmdline}; read here
   * @return one sentence, or null if there is no secret on it
   */
  public static String ofThisJvm(Settings settings, Path commandLine) {
    String text;
    try {
      text = new String(Files.readAllBytes(commandLine), StandardCharsets.UTF_8);
    } catch (IOException | RuntimeException e) {
      return bySource(settings);
    }
    List<String> words = Arrays.asList(text.split("\0", -1));
    for (Key<?> key : settings.keys().all()) {
      String assigned = key.name() + "=";
      boolean found =
          key.isSecret()
              && words.stream()
                  .anyMatch(
                      word ->
                          hasValue(word, PROPERTY + assigned)
                              || (word.startsWith(AGENT) && word.contains(assigned)));
      if (found) {
        return sentence(key);
      }
    }
    return null;
  }

  private static String bySource(Settings settings) {
    for (Setting each : settings.sources()) {
      boolean argument =
          each.source().startsWith("-D") || each.source().startsWith(ConfigLoader.ARGUMENT);
      if (each.key().isSecret() && argument) {
        return sentence(each.key());
      }
    }
    return null;
  }

  /**
   * What to say of settings that are given to a command of ours.
   *
   * @param settings as read from them
   * @param words {@code key=value} each
   * @return one sentence, or null if none is a secret
   */
  public static String among(Settings settings, Collection<String> words) {
    for (Key<?> key : settings.keys().all()) {
      if (key.isSecret() && words.stream().anyMatch(word -> hasValue(word, key.name() + "="))) {
        return sentence(key);
      }
    }
    return null;
  }

  private static boolean hasValue(String word, String begin) {
    return word.startsWith(begin) && word.length() > begin.length();
  }

  private static String sentence(Key<?> key) {
    return key.name()
        + " stands on a command line, which every user of this machine can read (ps); write it to"
        + " a file that only this user may read and name that in "
        + key.name()
        + "-file, or set the environment variable "
        + key.environmentName();
  }
}
