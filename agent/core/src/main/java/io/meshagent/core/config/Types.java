package io.meshagent.core.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The types that keys are made of, for the keys of policies, too. A sentence about a bad value
 * names the form that is good.
 */
public final class Types {

  private static final Pattern RATE = Pattern.compile("(\\d{1,8})/([smh])");
  private static final int LONGEST_TEXT = 256;

  private Types() {}

  public static Type<Boolean> bool() {
    return simple(
        "true or false",
        "",
        text -> {
          if (text.equals("true") || text.equals("on")) {
            return Parsed.value(true);
          }
          if (text.equals("false") || text.equals("off")) {
            return Parsed.value(false);
          }
          return Parsed.problem("is neither true nor false");
        },
        String::valueOf);
  }

  public static <E extends Enum<E>> Type<E> oneOf(Class<E> type) {
    E[] all = type.getEnumConstants();
    String words = Stream.of(all).map(Types::word).collect(Collectors.joining(", "));
    return simple(
        "word",
        words,
        text -> {
          for (E one : all) {
            if (word(one).equals(text.toLowerCase(Locale.ROOT))) {
              return Parsed.value(one);
            }
          }
          return Parsed.problem("is not one of " + words);
        },
        Types::word);
  }

  /** One word or more with commas, in the order in which they are written; none twice. */
  public static <E extends Enum<E>> Type<Set<E>> severalOf(Class<E> type) {
    Type<E> one = oneOf(type);
    return simple(
        "list of words",
        one.range(),
        text -> {
          Set<E> several = new LinkedHashSet<>();
          for (String item : items(text)) {
            Parsed<E> parsed = one.parse(item);
            if (parsed.isProblem()) {
              return Parsed.problem("names " + item + ", which " + parsed.problem());
            }
            several.add(parsed.value());
          }
          return several.isEmpty()
              ? Parsed.problem("names none of " + one.range())
              : Parsed.value(Collections.unmodifiableSet(several));
        },
        several -> several.stream().map(Types::word).collect(Collectors.joining(",")));
  }

  private static String word(Enum<?> one) {
    return one.name().toLowerCase(Locale.ROOT);
  }

  public static Type<Integer> number(int least, int most) {
    return simple(
        "number",
        least + " to " + most,
        text -> {
          if (!text.matches("[+-]?\\d+")) {
            return Parsed.problem("is not a whole number from " + least + " to " + most);
          }
          BigDecimal number = new BigDecimal(text);
          return within(number, least, most)
              ? Parsed.value(number.intValueExact())
              : Parsed.problem("is outside " + least + " to " + most);
        },
        String::valueOf);
  }

  public static Type<Integer> percent() {
    Type<Integer> number = number(1, 100);
    return simple(
        "percent",
        "1 to 100",
        text -> number.parse(text.endsWith("%") ? text.substring(0, text.length() - 1) : text),
        String::valueOf);
  }

  public static Type<Double> fraction() {
    return simple(
        "fraction",
        "0 to 1",
        text -> {
          if (!text.matches("\\d{0,9}(\\.\\d{1,9})?") || text.isEmpty()) {
            return Parsed.problem("is not a fraction like 0.25");
          }
          BigDecimal number = new BigDecimal(text);
          return within(number, 0, 1)
              ? Parsed.value(number.doubleValue())
              : Parsed.problem("is outside 0 to 1");
        },
        String::valueOf);
  }

  private static boolean within(BigDecimal number, long least, long most) {
    return number.compareTo(BigDecimal.valueOf(least)) >= 0
        && number.compareTo(BigDecimal.valueOf(most)) <= 0;
  }

  public static Type<Duration> duration(Duration least, Duration most) {
    return new DurationType(least, most, false, false);
  }

  /** A duration of which 0 is called {@code off}. */
  public static Type<Duration> durationOrOff(Duration least, Duration most) {
    return new DurationType(least, most, true, false);
  }

  public static Type<Duration> wholeSeconds(Duration least, Duration most) {
    return new DurationType(least, most, false, true);
  }

  public static Type<Rate> rate() {
    return simple(
        "rate",
        "off, 1 to 99999999 per s, m or h",
        text -> {
          if (text.equals("off") || text.equals("0")) {
            return Parsed.value(Rate.OFF);
          }
          Matcher form = RATE.matcher(text);
          long count = form.matches() ? Long.parseLong(form.group(1)) : 0;
          return count > 0
              ? Parsed.value(Rate.of(count, form.group(2).charAt(0)))
              : Parsed.problem("is not a rate like 100/s, 30/m or 1000/h, or off");
        },
        Rate::toString);
  }

  public static Type<String> text() {
    return simple(
        "text",
        "",
        text -> {
          if (text.length() > LONGEST_TEXT) {
            return Parsed.problem("is longer than " + LONGEST_TEXT + " characters");
          }
          return text.chars().anyMatch(Character::isISOControl)
              ? Parsed.problem("has a control character in it")
              : Parsed.value(text);
        },
        text -> text);
  }

  /** A text that is never shown. */
  static Type<String> secret() {
    return simple("secret", "", Parsed::value, text -> text.isEmpty() ? "" : "(not shown)");
  }

  static Type<String> path() {
    return simple(
        "path",
        "",
        text -> text.indexOf('\0') >= 0 ? Parsed.problem("is not a path") : Parsed.value(text),
        text -> text);
  }

  public static Type<Wildcards> wildcards() {
    return simple(
        "list of patterns",
        "",
        text ->
            items(text).stream().anyMatch(item -> item.matches(".*\\s.*"))
                ? Parsed.problem("is not a list of names or patterns with commas, a.B,c.*")
                : Parsed.value(new Wildcards(items(text))),
        Wildcards::toString);
  }

  static Type<Map<String, String>> labels() {
    return simple(
        "labels",
        "",
        text -> {
          Map<String, String> labels = new LinkedHashMap<>();
          for (String item : items(text)) {
            int equals = item.indexOf('=');
            if (equals < 1) {
              return Parsed.problem("is not a list of labels like tier=gold,lane=blue");
            }
            labels.put(item.substring(0, equals).trim(), item.substring(equals + 1).trim());
          }
          return Parsed.value(Collections.unmodifiableMap(labels));
        },
        labels ->
            labels.entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(",")));
  }

  /** The parts between commas; blank ones are left out. */
  public static List<String> items(String text) {
    return Stream.of(text.split(",", -1))
        .map(String::trim)
        .filter(item -> !item.isEmpty())
        .collect(Collectors.toList());
  }

  /**
   * A type of these parts.
   *
   * @param word as {@link Type#word}
   * @param range as {@link Type#range}
   * @param show the reverse of {@code parse}
   */
  public static <T> Type<T> simple(
      String word, String range, Function<String, Parsed<T>> parse, Function<T, String> show) {
    return new Type<T>() {
      @Override
      public String word() {
        return word;
      }

      @Override
      public String range() {
        return range;
      }

      @Override
      public Parsed<T> parse(String text) {
        return parse.apply(text);
      }

      @Override
      public String show(T value) {
        return show.apply(value);
      }
    };
  }
}
