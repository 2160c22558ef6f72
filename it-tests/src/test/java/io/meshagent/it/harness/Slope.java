package io.meshagent.it.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether a quantity that is looked at again and again stays flat: by how much the line through its
 * later half rises from that half's beginning to its end. What only comes and goes is no rise. For
 * the test's thread.
 */
public final class Slope {

  private final String name;
  private final double most;
  private final List<Double> seen = new ArrayList<>();

  /**
   * @param most the rise that is still called flat, in the quantity's own unit
   */
  public Slope(String name, double most) {
    this.name = name;
    this.most = most;
  }

  public void add(double value) {
    seen.add(value);
  }

  /** By least squares. */
  double rise() {
    List<Double> later = seen.subList(seen.size() / 2, seen.size());
    double middle = (later.size() - 1) / 2.0;
    double mean = later.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    double both = 0;
    double own = 0;
    for (int at = 0; at < later.size(); at++) {
      both += (at - middle) * (later.get(at) - mean);
      own += (at - middle) * (at - middle);
    }
    return own == 0 ? 0 : both / own * (later.size() - 1);
  }

  /** Fails if it rises. */
  public void isFlat(String described) {
    assertThat(rise())
        .as(() -> name + " rises: " + seen + "\n" + described)
        .isLessThanOrEqualTo(most);
  }

  /** For a table: what it was in the middle and at the end, its rise, and what that may be. */
  public String row() {
    return String.format(
        Locale.ROOT,
        "%s %.0f in the middle, %.0f at the end, rise %.1f of at most %.0f",
        name,
        seen.get(seen.size() / 2),
        seen.get(seen.size() - 1),
        rise(),
        most);
  }
}
