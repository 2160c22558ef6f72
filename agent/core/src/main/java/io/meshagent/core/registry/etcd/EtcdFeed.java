package io.meshagent.core.registry.etcd;

import io.meshagent.core.registry.Backoff;
import io.meshagent.core.registry.FeedState;
import io.meshagent.core.registry.FeedStatus;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.TaskLoop;
import io.meshagent.core.registry.etcd.EtcdOperations.Answer;
import java.util.ArrayList;
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
  private static final long PROGRESS_NANOS = 8 * SECOND;
  private static final long STAND_NANOS = 5 * SECOND;
  private static final long SILENCE_NANOS = 25 * SECOND;
  private static final long COALESCE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int PAGE = 1_000;

  private final EtcdOperations etcd;
  private final TaskLoop loop;
  private final String prefix;
  private final int members;
  private final EtcdDirectory directory;
  private final EtcdRegistration own;
  private final Registry.Listener listener;
  private final Backoff backoff = new Backoff(EtcdFeed::random);

  private final FeedTrouble trouble = new FeedTrouble();
  private final FeedRecord record;

  /** Volatile: written by the loop, read by {@link #status}. */
  private volatile FeedState state = FeedState.NEW;

  private long epoch;
  private long cursor;
  private boolean listNeeded = true;
  private boolean listedOnce;
  private int failures;
  private boolean stands;
  private int compactionsInARow;
  private long heardAt;
  private long toldAt;
  private boolean tellDue;
  private final Set<String> untold = new HashSet<>();
  private EtcdOperations.Stream stream;
  private TaskLoop.Timer relist = TaskLoop.Timer.NONE;

  /**
   * @param members how many endpoints there are: trouble with one of several is none yet
   * @param own told of every changed entry, for it may be one of its own
   */
  EtcdFeed(
      EtcdOperations etcd,
      TaskLoop loop,
      EtcdDirectory directory,
      String prefix,
      int members,
      EtcdRegistration own,
      Registry.Listener listener) {
    this.etcd = etcd;
    this.loop = loop;
    this.record = new FeedRecord(loop);
    this.directory = directory;
    this.prefix = prefix + "/";
    this.members = members;
    this.own = own;
    this.listener = listener;
  }

  private static double random() {
    return ThreadLocalRandom.current().nextDouble();
  }

  /** Any thread. */
  FeedStatus status() {
    return record.status(state, directory.skipped());
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
    page(new ArrayList<>(), null, 0);
  }

  private void page(List<EtcdEntry> before, byte[] from, long revision) {
    Answer<EtcdOperations.EtcdPage> answer =
        (page, failure) -> {
          if (failure != null) {
            broken(failure);
            return;
          }
          before.addAll(page.entries());
          long at = revision == 0 ? page.revision() : revision;
          if (page.next() != null) {
            page(before, page.next(), at);
          } else {
            listed(before, at);
          }
        };
    long asked = epoch;
    etcd.list(
        prefix,
        from,
        revision,
        PAGE,
        (page, failure) ->
            loop.execute(
                () -> {
                  if (asked == epoch) {
                    answer.arrived(page, failure);
                  }
                }));
  }

  private void listed(List<EtcdEntry> entries, long revision) {
    record.listed();
    directory.replace(entries);
    cursor = revision;
    listNeeded = false;
    if (listedOnce) {
      // What happened between the watch and the list was never told: ours may have gone.
      own.verifySoon();
    }
    listedOnce = true;
    untold.clear();
    toldAt = loop.nanoTime();
    listener.listed(directory.all());
    watch();
  }

  private void watch() {
    become(FeedState.WATCH);
    newEpoch();
    heardAt = loop.nanoTime();
    stands = false;
    stream = etcd.watch(prefix, cursor + 1, new Here(epoch));
    relist = loop.after((long) (RELIST_NANOS * (0.8 + 0.2 * random())), ifStill(this::list));
    checkAfter(STAND_NANOS);
  }

  private void checkAfter(long nanos) {
    TaskLoop.Timer unused = loop.after(nanos, ifStill(this::check));
  }

  private void check() {
    if (!stands) {
      // Such a connection may take requests for ever: a member that hangs, a wire that goes
      // nowhere.
      etcd.reconnect();
      broken(new EtcdFailure(EtcdFailure.Kind.SILENT, "the watch does not come to stand"));
    } else if (loop.nanoTime() - heardAt > SILENCE_NANOS) {
      broken(new EtcdFailure(EtcdFailure.Kind.SILENT, "the watch has fallen silent"));
    } else {
      stream.requestProgress();
      checkAfter(PROGRESS_NANOS);
    }
  }

  private void broken(EtcdFailure failure) {
    become(FeedState.BROKEN);
    newEpoch();
    failures++;
    boolean compacted = failure.kind() == EtcdFailure.Kind.COMPACTED;
    boolean nextMember = failure.isTransport() && failures < members;
    if (compacted) {
      record.compacted();
      compactionsInARow++;
      listNeeded = true;
    } else if (!nextMember) {
      listener.unreachable(failure.why());
      // A watch that is back with the next try is no trouble.
      if (!listedOnce || failures > 1) {
        trouble.began(failure, listedOnce);
      }
    }
    // Etcd answers, so a list will do; but lists must not chase compactions.
    boolean now = nextMember || (compacted && compactionsInARow == 1);
    long wait = now ? 0 : backoff.nextNanos(failure.longestWaitNanos());
    TaskLoop.Timer unused = loop.after(wait, ifStill(listNeeded ? this::list : this::watch));
  }

  private void created(long revision) {
    if (revision < cursor) {
      // This etcd is younger than what we have seen: it was wiped, and would never tell us.
      listNeeded = true;
      list();
      return;
    }
    heard();
    stands = true;
    compactionsInARow = 0;
    if (failures > 0) {
      failures = 0;
      record.rebuilt();
      listener.changed(Collections.emptyMap());
    }
    trouble.over();
  }

  private void heard() {
    heardAt = loop.nanoTime();
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
    if (!untold.isEmpty() && state != FeedState.CLOSED) {
      toldAt = loop.nanoTime();
      listener.changed(directory.only(untold));
      untold.clear();
    }
  }

  /** Brings what a watch says to the loop, and drops what an earlier watch still says. */
  private final class Here implements EtcdOperations.Watcher {

    private final long asked;

    Here(long asked) {
      this.asked = asked;
    }

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
      run(EtcdFeed.this::heard);
    }

    @Override
    public void ended(EtcdFailure failure) {
      run(() -> broken(failure));
    }
  }
}
