package io.meshagent.core.route;

import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Balancer.Candidates;
import io.meshagent.core.api.Balancer.Picker;
import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Statistics;
import io.meshagent.core.balance.ServiceBalancer;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/** Those of one group or lane that are connected, with a picker of their own. Immutable. */
final class Spot {

  /** As {@link Picker#NONE}: nobody is there, and nobody is about to come. */
  private static final int NOBODY = Picker.NONE;

  /** In terms of the channel's candidates. */
  final int[] indexes;

  /** Null if nobody is connected. */
  private final Picker picker;

  private final boolean more;

  private Spot(int[] indexes, Picker picker, boolean more) {
    this.indexes = indexes;
    this.picker = picker;
    this.more = more;
  }

  /**
   * @param all what the channel is connected to
   * @param indexes of those by endpoint
   */
  static Spot of(
      Endpoints members,
      Candidates all,
      IdentityHashMap<Endpoint, Integer> indexes,
      Set<Endpoint> failing,
      ServiceBalancer balancer) {
    int[] connected = new int[members.list().size()];
    int count = 0;
    boolean more = false;
    for (Endpoint member : members.list()) {
      Integer index = indexes.get(member);
      if (index != null) {
        connected[count++] = index;
      } else {
        more |= !failing.contains(member);
      }
    }
    int[] own = Arrays.copyOf(connected, count);
    return new Spot(
        own, count == 0 ? null : balancer.pickerOfPart(new Part(all, own, members)), more);
  }

  /** The index of a candidate of the channel, or as {@link Picker} says. */
  int pick(Attempt attempt) {
    if (picker == null) {
      return more ? Picker.LATER : NOBODY;
    }
    int picked = picker.pick(attempt);
    return picked < 0 ? picked : indexes[picked];
  }

  /** The same for any that fulfils a condition. */
  int any(Attempt attempt, IntPredicate condition) {
    if (picker == null) {
      return NOBODY;
    }
    int any = picker.any(attempt, index -> condition.test(indexes[index]));
    return any < 0 ? any : indexes[any];
  }

  /** Whether somebody is there or about to come. */
  boolean isAnybody() {
    return picker != null || more;
  }

  /** Some of a channel's candidates. Immutable. */
  private static final class Part implements Candidates {
    private final Candidates all;
    private final int[] indexes;
    private final Endpoints members;

    Part(Candidates all, int[] indexes, Endpoints members) {
      this.all = all;
      this.indexes = indexes;
      this.members = members;
    }

    @Override
    public Endpoints used() {
      return members;
    }

    @Override
    public List<Endpoint> unreachable() {
      Set<Endpoint> own = Collections.newSetFromMap(new IdentityHashMap<>());
      own.addAll(members.list());
      return Kept.of(all.unreachable(), own::contains);
    }

    @Override
    public int size() {
      return indexes.length;
    }

    @Override
    public Endpoint endpoint(int index) {
      return all.endpoint(indexes[index]);
    }

    @Override
    public Statistics statistics(int index) {
      return all.statistics(indexes[index]);
    }

    @Override
    public void publishAgain() {
      all.publishAgain();
    }
  }
}
