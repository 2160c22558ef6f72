package io.meshagent.core.route.rule;

import io.meshagent.core.api.Attempt;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** One clause of a rule: which calls, and to which instances. Immutable. */
public final class Clause {

  private final List<HeaderTest> tests;
  private final Share share;
  private final Labels to;
  private final boolean fallsBack;

  /**
   * @param tests all of which a call has to pass
   * @param share of the calls that pass; null for all
   * @param fallsBack whether calls go to the rest of the instances where none has the labels
   */
  public Clause(List<HeaderTest> tests, Share share, Labels to, boolean fallsBack) {
    this.tests = Collections.unmodifiableList(new ArrayList<>(tests));
    this.share = share;
    this.to = to;
    this.fallsBack = fallsBack;
  }

  /** Whether every call meets it. */
  public boolean isForAll() {
    return tests.isEmpty() && share == null;
  }

  boolean meets(Attempt attempt) {
    return isFor(attempt) && (share == null || share.holds(attempt));
  }

  /** Whether a call passes the tests, so that the share alone has a say. */
  public boolean isFor(Attempt attempt) {
    for (int i = 0; i < tests.size(); i++) {
      if (!tests.get(i).test(attempt)) {
        return false;
      }
    }
    return true;
  }

  /** Of the calls that pass the tests; null for all. */
  public Share share() {
    return share;
  }

  List<HeaderTest> tests() {
    return tests;
  }

  /** What instances have to be labelled with. */
  public Labels to() {
    return to;
  }

  /** Whether calls go to the rest of the instances where none has the labels. */
  public boolean fallsBack() {
    return fallsBack;
  }

  /** As it would be written in a rule. */
  @Override
  public String toString() {
    List<String> conditions = tests.stream().map(String::valueOf).collect(Collectors.toList());
    if (share != null) {
      conditions.add(share.toString());
    }
    String condition = conditions.isEmpty() ? "*" : String.join(" & ", conditions);
    return condition + " -> " + to + (fallsBack ? "?" : "");
  }
}
