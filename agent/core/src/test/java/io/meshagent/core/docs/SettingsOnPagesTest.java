package io.meshagent.core.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.config.ConfigLoader;
import io.meshagent.core.config.Key;
import io.meshagent.core.config.Problem;
import io.meshagent.core.policy.Policies;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every setting that a page writes with its value is one that the agent takes. */
class SettingsOnPagesTest {

  /** In a code span, in a block, or behind a command. */
  private static final Pattern SETTING =
      Pattern.compile(
          "(?m)(?:`|^ *|^-?D?mesh\\.)([a-z][a-z.-]*(?:@[^\\s=`]+)?) ?= ?([^`\n]+)(?:`|$)");

  /** What stands for a value of the reader's, or for more of the same. */
  private static final Pattern PLACEHOLDER = Pattern.compile(".*(…|\\bDIR\\b|\\bNAME\\b).*");

  private static final Set<String> KEYS =
      Policies.keys().all().stream().map(Key::name).collect(Collectors.toSet());

  @Test
  void every_setting_is_taken() {
    List<String> refused = new ArrayList<>();
    int settings = 0;
    for (Path page : Pages.forUsers()) {
      Matcher setting = SETTING.matcher(Pages.text(page));
      while (setting.find()) {
        String key = setting.group(1);
        // A command's quote may end behind it.
        String value = setting.group(2).replaceFirst("'$", "").trim();
        if (KEYS.contains(key.replaceFirst("@.*", "")) && !PLACEHOLDER.matcher(value).matches()) {
          settings++;
          for (Problem problem :
              ConfigLoader.loadText(Policies.keys(), Pages.name(page), key + "=" + value)
                  .problems()) {
            refused.add(problem.toString());
          }
        }
      }
    }
    assertThat(refused).as("settings on pages that the agent does not take").isEmpty();
    assertThat(settings).isGreaterThan(100);
  }
}
