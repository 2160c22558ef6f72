package io.meshagent.core.registry.etcd;

import io.meshagent.core.registry.Backoff;
import io.meshagent.core.registry.FeedState;
import io.meshagent.core.registry.GuardedLoop;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.TaskLoop;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Follows everybody's entries: a list at one revision and a watch from the next. A state machine on
 * a loop of its own, apart from the registration's, because reading an entry may ask the name
 * service. A watch that ends or falls silent is rebuilt from our own cursor; if that revision is
 * gone or was never there (etcd was compacted, or wiped), everything is listed afresh.
 *
 * <p>The cursor moves with events only. Progress notices show that the watch lives and nothing
 * more: some versions of etcd send them ahead of events of an earlier revision.
 */
final class EtcdFeed {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long RELIST_NANOS = 300 * SECOND;
  private static final long RELIST_AFTER_TROUBLE_NANOS = 10 * SECOND;
  private static final long COALESCE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final EtcdOperations etcd;
  private final TaskLoop loop;
  private final String prefix;
  private final int members;
  private final EtcdDirectory directory;
  private final EtcdRegistration own;
  private final Registry.Listener listener;
  private final EtcdTrouble trouble;
  private final Backoff backoff = new Backoff(EtcdFeed::random);

  private final WatchPulse pulse;
  private final NameRetry names;
  private final FeedRecord record;

  /** Volatile: written by the loop, read by {@link #state}. */
  private volatile FeedState state = FeedState.NEW;

  private long epoch;
  private long cursor;
  private boolean listNeeded = true;
  private boolean listedOnce;
  private boolean listedSinceTrouble;
  private int failures;
  private int compactionsInARow;
  private long toldAt;
  private boolean tellDue;
  private final Set<String> untold = new HashSet<>();
  private EtcdOperations.Stream stream;
  private EtcdListing listing;
  private TaskLoop.Timer relist = TaskLoop.Timer.NONE;

  /**
   * @param asking where the name service may block
   * @param members how many endpoints there are: trouble with one of several is none yet
   * @param ttlSeconds how long leases last, ours and probably the others'
   * @param own told of every changed entry, for it may be one of its own
   * @param trouble shared by all feeds on the loop, as is the record
   */
  EtcdFeed(
      EtcdOperations etcd,
      TaskLoop loop,
      TaskLoop asking,
      EtcdDirectory directory,
      int members,
      long ttlSeconds,
      EtcdRegistration own,
      Registry.Listener listener,
      EtcdTrouble trouble,
      FeedRecord record) {
    this.etcd = etcd;
    this.loop = new GuardedLoop(loop, this::goOn);
    this.record = record;
    this.directory = directory;
    this.prefix = directory.prefix() + "/";
    this.members = members;
    this.own = own;
    this.listener = listener;
    this.trouble = trouble;
    this.pulse = new WatchPulse(this.loop, ttlSeconds, new Pulse());
    this.names = new NameRetry(this.loop, asking, directory, this::moved);
  }

  private static double random() {
    return ThreadLocalRandom.current().nextDouble();
  }

  /** Any thread. */
  FeedState state() {
    return state;
  }

  void start() {
    loop.execute(this::list);
  }

  void close() {
    loop.execute(
        () -> {
          if (state != FeedState.CLOSED) {
            become(FeedState.CLOSED);
            newEpoch();
            names.end();
          }
        });
  }

  private void become(FeedState next) {
    if (!loop.isOwn() || !state.next().contains(next)) {
      throw new IllegalStateException("feed: " + state + " -> " + next);
    }
    state = next;
  }

  private void newEpoch() {
    epoch++;
    relist.cancel();
    pulse.end();
    if (listing != null) {
      listing.cancel();
      listing = null;
    }
    if (stream != null) {
      stream.cancel();
      stream = null;
    }
  }

  private Runnable ifStill(Runnable task) {
    long asked = epoch;
    return () -> {
      if (asked == epoch) {
        task.run();
      }
    };
  }

  private void list() {
    become(FeedState.LIST);
    newEpoch();
    listing = new EtcdListing(etcd, loop, prefix, new Listed());
    listing.begin();
  }

  /** Lists everything afresh, now if nothing is wrong, else as soon as that is over. */
  void lookAgain() {
    loop.execute(
        () -> {
          if (state == FeedState.WATCH) {
            list();
          } else if (state == FeedState.BROKEN) {
            listNeeded = true;
          }
        });
  }

  private void listed(List<EtcdEntry> entries, long revision) {
    record.listed(listedOnce);
    directory.replace(entries);
    names.plan();
    cursor = revision;
    listNeeded = false;
    if (listedOnce) {
      // What happened between the watch and the list was never told: ours may have gone.
      own.verifySoon();
    }
    listedOnce = true;
    listedSinceTrouble = true;
    untold.clear();
    toldAt = loop.nanoTime();
    listener.listed(directory.all());
    watch();
  }

  private void watch() {
    become(FeedState.WATCH);
    newEpoch();
    relistIn(RELIST_NANOS, 0.2);
    stream = etcd.watch(prefix, cursor + 1, new Here());
    pulse.begin(stream);
  }

  /** Sooner by a random part, so that not all programs ask in the same moment. */
  private void relistIn(long nanos, double part) {
    relist.cancel();
    relist = loop.after((long) (nanos * (1 - part * random())), ifStill(this::list));
  }

  private void broken(EtcdFailure failure) {
    become(FeedState.BROKEN);
    newEpoch();
    failures++;
    listedSinceTrouble = false;
    boolean compacted = failure.kind() == EtcdFailure.Kind.COMPACTED;
    boolean nextMember = failure.isTransport() && failures < members;
    if (compacted) {
      record.compacted();
      compactionsInARow++;
      listNeeded = true;
    } else if (!nextMember) {
      listener.unreachable(failure.why());
      // A watch that is back with the next try is no trouble, nor is a first answer that takes
      // long: a busy machine can need seconds for the first connection of a JVM.
      if (failures > 1 || (!listedOnce && failure.kind() != EtcdFailure.Kind.SILENT)) {
        trouble.begins(directory.prefix(), failure, listedOnce);
      }
    }
    // Etcd answers, so a list will do; but lists must not chase compactions.
    boolean now = nextMember || (compacted && compactionsInARow == 1);
    long wait = now ? 0 : backoff.nextNanos(failure.longestWaitNanos());
    TaskLoop.Timer unused = loop.after(wait, ifStill(this::resume));
  }

  private void resume() {
    if (listNeeded) {
      list();
    } else {
      watch();
    }
  }

  /** A step was left halfway: what it took in is read anew. */
  private void goOn() {
    if (state == FeedState.CLOSED) {
      return;
    }
    try {
      listNeeded = true;
      tellDue = false;
      state = FeedState.BROKEN;
      newEpoch();
    } finally {
      TaskLoop.Timer unused = loop.after(backoff.nextNanos(30 * SECOND), ifStill(this::resume));
    }
  }

  private void created(long revision) {
    if (revision < cursor) {
      // This etcd is younger than what we have seen: it was wiped, and would never tell us.
      listener.unreachable("etcd has lost its data, and is filled again");
      listNeeded = true;
      list();
      return;
    }
    heard();
    pulse.stands();
    compactionsInARow = 0;
    if (failures > 0) {
      failures = 0;
      record.rebuilt();
      // Be it of nothing: this says that etcd answers again.
      tellNow();
      if (!listedSinceTrouble) {
        // One that was wiped may be past our cursor again already: only a list would show it.
        relistIn(RELIST_AFTER_TROUBLE_NANOS, 0.8);
      }
    }
    trouble.ends(directory.prefix());
  }

  private void heard() {
    pulse.heard();
    record.heard();
    backoff.reset();
  }

  private void changed(List<EtcdEntry> entries) {
    heard();
    for (EtcdEntry entry : entries) {
      cursor = Math.max(cursor, entry.revision());
      String service = directory.apply(entry);
      if (service != null) {
        untold.add(service);
      }
      own.seen(entry);
    }
    names.plan();
    tellSoon();
  }

  /** A connection to it failed or was lost. */
  void suspect(String hostPort) {
    loop.execute(() -> names.suspect(hostPort));
  }

  /** Hosts in doubt have been found, or found elsewhere, which has nothing to do with etcd. */
  private void moved(Set<String> affected) {
    if (state == FeedState.WATCH && failures == 0) {
      untold.addAll(affected);
      tellSoon();
    } else if (listedOnce) {
      listener.moved(directory.only(affected));
    }
  }

  private void tellSoon() {
    if (!untold.isEmpty() && !tellDue) {
      // The first change is told at once; what follows within a moment is told together.
      long wait = toldAt + COALESCE_NANOS - loop.nanoTime();
      if (wait <= 0) {
        tell();
      } else {
        tellDue = true;
        TaskLoop.Timer unused = loop.after(wait, this::tell);
      }
    }
  }

  private void tell() {
    tellDue = false;
    // While something is wrong it waits: whoever hears of a change takes etcd to be well.
    if (!untold.isEmpty() && state == FeedState.WATCH && failures == 0) {
      tellNow();
    }
  }

  private void tellNow() {
    toldAt = loop.nanoTime();
    listener.changed(directory.only(untold));
    untold.clear();
  }

  private final class Listed implements EtcdListing.Result {

    @Override
    public void listed(List<EtcdEntry> entries, long revision) {
      EtcdFeed.this.listed(entries, revision);
    }

    @Override
    public void failed(EtcdFailure failure) {
      broken(failure);
    }
  }

  private final class Pulse implements WatchPulse.Watched {

    @Override
    public void late() {
      listener.unreachable("etcd is slow to answer, or stands still");
    }

    @Override
    public void signOfLife() {
      listener.changed(Collections.emptyMap());
    }

    @Override
    public void neverStood() {
      // Such a connection may take requests for ever: a member that hangs, a wire that goes
      // nowhere.
      etcd.reconnect();
      broken(new EtcdFailure(EtcdFailure.Kind.SILENT, "the watch does not come to stand"));
    }

    @Override
    public void silent() {
      broken(new EtcdFailure(EtcdFailure.Kind.SILENT, "the watch has fallen silent"));
    }
  }

  /** Brings what a watch says to the loop, and drops what an earlier watch still says. */
  private final class Here implements EtcdOperations.Watcher {

    private final long asked = epoch;

    private void run(Runnable task) {
      loop.execute(
          () -> {
            if (asked == epoch) {
              task.run();
            }
          });
    }

    @Override
    public void created(long revision) {
      run(() -> EtcdFeed.this.created(revision));
    }

    @Override
    public void changed(List<EtcdEntry> entries) {
      run(() -> EtcdFeed.this.changed(entries));
    }

    @Override
    public void progressed() {
      run(
          () -> {
            pulse.answered();
            heard();
          });
    }

    @Override
    public void ended(EtcdFailure failure) {
      run(() -> broken(failure));
    }
  }
}
