package io.meshagent.core.registry;

import java.util.OptionalDouble;

/** A moment's facts about how the directory is followed, for metrics and the page. Immutable. */
public final class FeedStatus {

  private final FeedState state;
  private final OptionalDouble heardSecondsAgo;
  private final Counts counts;

  /**
   * @param heardSecondsAgo empty if nothing was heard yet
   */
  public FeedStatus(FeedState state, OptionalDouble heardSecondsAgo, Counts counts) {
    this.state = state;
    this.heardSecondsAgo = heardSecondsAgo;
    this.counts = counts;
  }

  public FeedState state() {
    return state;
  }

  /** How long ago the source said anything, be it only that nothing has changed. */
  public OptionalDouble heardSecondsAgo() {
    return heardSecondsAgo;
  }

  public Counts counts() {
    return counts;
  }

  /** What happened since the start. Immutable. */
  public static final class Counts {

    public static final Counts NONE = new Counts(0, 0, 0, 0);

    private final long relists;
    private final long rebuilds;
    private final long compactions;
    private final long entriesSkipped;
    private final long listFailures;
    private final int entriesLeftOut;

    public Counts(long relists, long rebuilds, long compactions, long entriesSkipped) {
      this(relists, rebuilds, compactions, entriesSkipped, 0, 0);
    }

    private Counts(
        long relists,
        long rebuilds,
        long compactions,
        long entriesSkipped,
        long listFailures,
        int entriesLeftOut) {
      this.relists = relists;
      this.rebuilds = rebuilds;
      this.compactions = compactions;
      this.entriesSkipped = entriesSkipped;
      this.listFailures = listFailures;
      this.entriesLeftOut = entriesLeftOut;
    }

    public Counts withListFailures(long failures) {
      return new Counts(relists, rebuilds, compactions, entriesSkipped, failures, entriesLeftOut);
    }

    public Counts withEntriesLeftOut(int leftOut) {
      return new Counts(relists, rebuilds, compactions, entriesSkipped, listFailures, leftOut);
    }

    /** How often the whole directory was read after the first time. */
    public long relists() {
      return relists;
    }

    /** How often a watch was built in the place of one that had ended or fallen silent. */
    public long rebuilds() {
      return rebuilds;
    }

    /** How often the changes since what was read last were no longer to be had. */
    public long compactions() {
      return compactions;
    }

    /** Entries that could not be read as an instance. */
    public long entriesSkipped() {
      return entriesSkipped;
    }

    /** How often the whole directory was to be read and could not be. */
    public long listFailures() {
      return listFailures;
    }

    /** Entries that are left out at present, because they are too long or too many. */
    public int entriesLeftOut() {
      return entriesLeftOut;
    }
  }
}
