package io.meshagent.core.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The programs that a document is for, as its lines {@code apply-to.app}, {@code apply-to.version}
 * (lists in which {@code *} stands for anything) and {@code apply-to.percent} say: all of them
 * where it has none. Immutable.
 */
public final class Audience {

  /** How the names of those lines begin, which set nothing. */
  static final String PREFIX = "apply-to.";

  private static final String APP = PREFIX + "app";
  private static final String VERSION = PREFIX + "version";

  /** Followed by the share of the programs that a document is for. */
  public static final String PERCENT = PREFIX + "percent";

  private static final Wildcards ALL = new Wildcards(Collections.singletonList("*"));

  private final List<Problem> problems = new ArrayList<>();
  private Wildcards apps = ALL;
  private Wildcards versions = ALL;
  private double percent = 100;

  private Audience() {}

  /**
   * Reads it out of a document.
   *
   * @param shownAs as problems name the document
   */
  public static Audience of(String shownAs, String text) {
    Audience audience = new Audience();
    for (PropertiesText.Entry entry : PropertiesText.parse(text)) {
      if (entry.value != null && entry.key.startsWith(PREFIX)) {
        String problem = audience.read(entry.key, entry.value);
        if (problem != null) {
          audience.problems.add(new Problem(shownAs, entry.line, entry.key, problem));
        }
      }
    }
    return audience;
  }

  /** The lines of a document that say for whom it is, by their names, right or wrong. */
  public static Map<String, String> lines(String text) {
    Map<String, String> lines = new LinkedHashMap<>();
    for (PropertiesText.Entry entry : PropertiesText.parse(text)) {
      if (entry.value != null && entry.key.startsWith(PREFIX)) {
        lines.put(shortened(entry.key), shortened(entry.value));
      }
    }
    return lines;
  }

  /** What is wrong, or null. */
  private String read(String name, String value) {
    switch (name) {
      case APP:
        apps = new Wildcards(Types.items(value));
        return apps.patterns().isEmpty() ? APP + " names no application." : null;
      case VERSION:
        versions = new Wildcards(Types.items(value));
        return versions.patterns().isEmpty() ? VERSION + " names no version." : null;
      case PERCENT:
        return readPercent(value);
      default:
        return shortened(name) + " is none of " + APP + ", " + VERSION + " and " + PERCENT + ".";
    }
  }

  private String readPercent(String value) {
    // Nothing that a double takes besides: no hexadecimal, no exponent, no name.
    if (value.matches("\\d{1,3}(\\.\\d{1,6})?%?")) {
      percent = Double.parseDouble(value.endsWith("%") ? value.replace("%", "") : value);
      if (percent <= 100) {
        return null;
      }
    }
    return PERCENT + "=" + shortened(value) + " is not a number from 0 to 100.";
  }

  private static String shortened(String text) {
    String safe = text.replaceAll("\\p{Cntrl}", "?");
    return safe.length() > 80 ? safe.substring(0, 80) + "…" : safe;
  }

  /** What is wrong with it. */
  public List<Problem> problems() {
    return Collections.unmodifiableList(problems);
  }

  /**
   * Whether a program is meant.
   *
   * @param place of the program among all that there are, from 0 to below 100: any number that is
   *     spread evenly and stays the same while it runs
   */
  public boolean includes(String app, String version, double place) {
    return apps.matches(app) && versions.matches(version) && place < percent;
  }
}
