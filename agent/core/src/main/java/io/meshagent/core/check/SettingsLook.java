package io.meshagent.core.check;

import io.meshagent.core.config.CommandLineSecret;
import io.meshagent.core.config.LogFiles;
import io.meshagent.core.config.PlaintextPassword;
import io.meshagent.core.config.Problem;
import io.meshagent.core.config.Settings;
import java.nio.file.Path;
import java.util.function.Consumer;

/** What is wrong with settings as they were read, all at once. */
final class SettingsLook implements Look {

  static final String NAME = "configuration";

  private final Settings settings;
  private final String shownAs;
  private final Path commandLine;

  /**
   * @param shownAs where they stand, for people
   * @param commandLine {@code /proc/self/cmdline}
   */
  SettingsLook(Settings settings, String shownAs, Path commandLine) {
    this.settings = settings;
    this.shownAs = shownAs;
    this.commandLine = commandLine;
  }

  @Override
  public Finding late() {
    return Finding.wrong(NAME, "the configuration could not be looked at in time", null);
  }

  @Override
  public void look(Consumer<Finding> told) {
    for (Problem problem : settings.problems()) {
      told.accept(Finding.wrong(NAME, withoutStop(problem.toString()), null));
    }
    String plaintext = PlaintextPassword.problem(settings);
    if (plaintext != null) {
      told.accept(Finding.wrong(NAME, shownAs + ": " + plaintext, null));
    }
    String shared = LogFiles.problem(settings);
    if (shared != null) {
      told.accept(Finding.wrong(NAME, shownAs + ": " + shared, null));
    }
    String exposed = CommandLineSecret.ofThisJvm(settings, commandLine);
    if (exposed != null) {
      told.accept(Finding.hint(NAME, exposed, null));
    }
    if (settings.problems().isEmpty() && plaintext == null && shared == null) {
      long count = settings.sources().stream().filter(each -> !each.isDefault()).count();
      told.accept(
          Finding.good(
              NAME,
              shownAs + ": " + count + (count == 1 ? " setting" : " settings") + ", no problem"));
    }
  }

  private static String withoutStop(String sentence) {
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }
}
