package io.meshagent.core.route.rule;

import io.meshagent.core.api.Attempt;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The clauses that say where calls of a service go: the first that a call meets counts, and a call
 * that meets none goes to any instance. Immutable; a pick asks it on any thread.
 */
public final class RouteRule {

  /** No clause. */
  public static final RouteRule NONE = new RouteRule("", Collections.emptyList());

  private final String name;
  private final Clause[] clauses;
  private final boolean readsCalls;

  private RouteRule(String name, List<Clause> clauses) {
    this.name = name;
    this.clauses = clauses.toArray(new Clause[0]);
    this.readsCalls = !clauses.isEmpty() && !clauses.get(0).isForAll();
  }

  /** Of these clauses, in order; at least one. */
  public static RouteRule of(List<Clause> clauses) {
    return new RouteRule("", clauses);
  }

  /**
   * The same by the name of the setting that it comes from, which people are told where it has
   * calls fail.
   */
  public RouteRule named(String setting) {
    return clauses.length == 0 ? this : new RouteRule(setting, clauses());
  }

  public boolean isNone() {
    return clauses.length == 0;
  }

  /** Whether it has to be known which call is asked about. */
  public boolean readsCalls() {
    return readsCalls;
  }

  /** Whether some calls may go to instances that no clause names. */
  public boolean leavesSomeToRest() {
    return clauses.length == 0
        || !clauses[clauses.length - 1].isForAll()
        || clauses().stream().anyMatch(Clause::fallsBack);
  }

  /** The headers by which it tells calls from each other, each once, in order. */
  public Set<String> headers() {
    return clauses().stream()
        .flatMap(clause -> clause.tests().stream())
        .map(HeaderTest::header)
        .filter(Objects::nonNull)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  public List<Clause> clauses() {
    List<Clause> all = new ArrayList<>();
    Collections.addAll(all, clauses);
    return all;
  }

  /** The index of the clause that counts for a call; -1 if it meets none. */
  public int clauseFor(Attempt attempt) {
    for (int i = 0; i < clauses.length; i++) {
      if (clauses[i].meets(attempt)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Why a call that meets a clause fails, for people.
   *
   * @param registered how many instances there are that the clause names
   */
  public String failure(int clause, int registered) {
    String nobody =
        registered == 0
            ? "no instance that a call can go to is labelled so"
            : "none of the " + registered + " instances labelled so can be reached";
    return name + " sends it by \"" + clauses[clause] + "\", and " + nobody;
  }

  /** As it would be written; empty for none. */
  @Override
  public String toString() {
    return clauses().stream().map(String::valueOf).collect(Collectors.joining(" ; "));
  }
}
