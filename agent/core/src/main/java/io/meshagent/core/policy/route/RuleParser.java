package io.meshagent.core.policy.route;

import io.meshagent.core.route.rule.BoundedPattern;
import io.meshagent.core.route.rule.Clause;
import io.meshagent.core.route.rule.HeaderTest;
import io.meshagent.core.route.rule.Labels;
import io.meshagent.core.route.rule.RouteRule;
import io.meshagent.core.route.rule.Share;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads a rule: {@code condition -> destination ; …}. A condition is {@code *}, or one or more of
 * {@code header=value}, {@code header~regex} and {@code N%} with {@code &} between them; a
 * destination is one or more of {@code label=value} with {@code &} between them, and perhaps a
 * {@code ?}. For one rule and one thread.
 */
final class RuleParser {

  private static final int LONGEST = 4_096;
  private static final int MOST_CLAUSES = 32;
  private static final int MOST_PARTS = 8;

  /** Envoy counts in millionths, too. */
  private static final Pattern PERCENT = Pattern.compile("\\d{1,9}(\\.\\d{1,4})?");

  private static final BigDecimal ALL = BigDecimal.valueOf(100);

  /** As gRPC has it of the names of headers. */
  private static final Pattern HEADER = Pattern.compile("[0-9a-z_.-]{1,128}");

  private final RuleText text;

  /** By the tests that stand beside them, how many percent shares have taken already. */
  private final Map<String, BigDecimal> taken = new HashMap<>();

  private RuleParser(String text) {
    this.text = new RuleText(text);
  }

  static RouteRule parse(String text) throws RuleSyntaxException {
    if (text.length() > LONGEST) {
      throw new RuleSyntaxException("is longer than a rule may be, " + LONGEST + " characters");
    }
    return new RuleParser(text).rule();
  }

  private RouteRule rule() throws RuleSyntaxException {
    List<Clause> clauses = new ArrayList<>();
    do {
      if (clauses.size() == MOST_CLAUSES) {
        throw text.problem("is one more than the " + MOST_CLAUSES + " that a rule may have");
      }
      int begin = text.where();
      if (!clauses.isEmpty() && clauses.get(clauses.size() - 1).isForAll()) {
        throw text.problem(begin, "is never reached: the one before it is for all calls");
      }
      clauses.add(clause());
      if (!text.takes(';') && !text.isOver()) {
        throw text.problem("has something after its destination that is neither & nor ;");
      }
      text.nextClause();
    } while (!text.isOver());
    return RouteRule.of(clauses);
  }

  private Clause clause() throws RuleSyntaxException {
    List<HeaderTest> tests = new ArrayList<>();
    BigDecimal percent = null;
    int begin = text.where();
    if (!text.takes('*')) {
      do {
        int where = text.where();
        if (tests.size() == MOST_PARTS) {
          throw text.problem("has more than " + MOST_PARTS + " conditions");
        }
        String name = text.word("=~&;\"");
        if (text.takes('=')) {
          RuleText.Value value = text.value("&;\"");
          tests.add(HeaderTest.is(header(name, where), given(value)));
        } else if (text.takes('~')) {
          tests.add(HeaderTest.matches(header(name, where), pattern(text.value("&;\""))));
        } else if (percent != null) {
          throw text.problem(where, "has two percentages");
        } else {
          percent = percent(name, where);
        }
      } while (text.takes('&'));
    }
    if (!text.takesArrow()) {
      throw text.problem("has no -> where one should be: condition -> destination");
    }
    Share share = percent == null ? null : share(tests, percent, begin);
    Labels to = labels();
    return new Clause(tests, share, to, text.takes('?'));
  }

  private Share share(List<HeaderTest> tests, BigDecimal percent, int where)
      throws RuleSyntaxException {
    BigDecimal before = taken.getOrDefault(tests.toString(), BigDecimal.ZERO);
    BigDecimal sum = before.add(percent);
    if (sum.compareTo(ALL) > 0) {
      throw text.problem(where, "brings the percentages of the same calls to " + shown(sum) + "%");
    }
    taken.put(tests.toString(), sum);
    return new Share(percent, before);
  }

  private static String shown(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }

  private BigDecimal percent(String word, int where) throws RuleSyntaxException {
    if (!word.endsWith("%")) {
      throw text.problem(
          where, "has a condition that is none of header=value, header~regex, N% and *");
    }
    String number = word.substring(0, word.length() - 1).trim();
    if (!PERCENT.matcher(number).matches()) {
      throw text.problem(where, "has a percentage that is no number like 5% or 0.25%");
    }
    BigDecimal percent = new BigDecimal(number);
    if (percent.signum() == 0 || percent.compareTo(ALL) > 0) {
      throw text.problem(where, "has a percentage that is not above 0 and at most 100");
    }
    return percent;
  }

  private String header(String name, int where) throws RuleSyntaxException {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.equals(HeaderTest.PATH)) {
      return HeaderTest.PATH;
    }
    if (!HEADER.matcher(lower).matches()) {
      throw text.problem(where, "has a condition that begins with no name of a header");
    }
    if (lower.endsWith("-bin")) {
      throw text.problem(where, "names a header of bytes, which has no text to compare");
    }
    return lower;
  }

  private String given(RuleText.Value value) throws RuleSyntaxException {
    if (value.text.isEmpty() && !value.quoted) {
      throw text.problem(value.where, "has no value after the =; an empty one is written \"\"");
    }
    return value.text;
  }

  private BoundedPattern pattern(RuleText.Value value) throws RuleSyntaxException {
    if (value.text.isEmpty()) {
      throw text.problem(value.where, "has no regular expression after the ~");
    }
    try {
      return BoundedPattern.of(value.text);
    } catch (IllegalArgumentException e) {
      throw text.problem(value.where, "has a regular expression that " + e.getMessage());
    }
  }

  private Labels labels() throws RuleSyntaxException {
    Map<String, String> labels = new LinkedHashMap<>();
    do {
      int where = text.where();
      if (labels.size() == MOST_PARTS) {
        throw text.problem("names more than " + MOST_PARTS + " labels");
      }
      String name = text.word("=&;?\"");
      if (!text.takes('=')) {
        throw text.problem(where, "has a destination that is no label=value, like version=2");
      }
      String problem = LabelNames.problem(name);
      if (problem != null) {
        throw text.problem(where, "has a destination by a label that " + problem);
      }
      if (labels.put(name, given(text.value("&;?\""))) != null) {
        throw text.problem(where, "names the label " + name + " twice");
      }
    } while (text.takes('&'));
    return new Labels(labels);
  }
}
