package io.meshagent.core.registry.etcd;

import io.meshagent.core.registry.FeedState;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.client.EtcdOperations;
import io.meshagent.core.registry.etcd.client.EtcdTrouble;
import io.meshagent.core.registry.etcd.client.OnLoop;
import io.meshagent.core.registry.etcd.lease.EtcdRegistration;
import io.meshagent.core.registry.etcd.mirror.EtcdListing;
import io.meshagent.core.registry.etcd.mirror.RangeLimit;
import io.meshagent.core.registry.etcd.mirror.Relists;
import io.meshagent.core.registry.etcd.mirror.WatchPulse;
import io.meshagent.core.run.Backoff;
import io.meshagent.core.run.GuardedLoop;
import io.meshagent.core.run.TaskLoop;
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
public final class EtcdFeed {

  private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final EtcdOperations etcd;
  private final TaskLoop loop;
  private final String prefix;
  private final int members;
  private final EtcdInstances directory;
  private final EtcdRegistration own;
  private final FeedNews news;
  private final EtcdTrouble trouble;
  private final Backoff backoff = new Backoff(() -> ThreadLocalRandom.current().nextDouble());

  private final RangeLimit pageSize = new RangeLimit();
  private final WatchPulse pulse;
  private final Relists relists;
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

  private EtcdOperations.Stream stream;
  private EtcdListing listing;

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
      EtcdInstances directory,
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
    this.news = new FeedNews(this.loop, directory, listener, this::isWell);
    this.trouble = trouble;
    this.pulse = new WatchPulse(this.loop, ttlSeconds, new Pulse());
    this.relists = new Relists(this.loop, () -> ifStill(this::list));
    this.names = new NameRetry(this.loop, asking, directory, this::moved);
    directory.called(listener::calls);
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
    relists.cancel();
    pulse.end();
    if (listing != null) {
      listing.cancel();
      listing = null;
      directory.dropList();
    }
    if (stream != null) {
      stream.cancel();
      stream = null;
    }
  }

  private boolean isWell() {
    return state == FeedState.WATCH && failures == 0;
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
    directory.beginList();
    listing = new EtcdListing(etcd, loop, prefix, pageSize, new Listed());
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

  private void watch() {
    become(FeedState.WATCH);
    newEpoch();
    relists.planNext();
    long asked = epoch;
    stream = etcd.watch(prefix, cursor + 1, new OnLoop(loop, () -> asked == epoch, new Watched()));
    pulse.begin(stream);
  }

  private void broken(EtcdFailure failure) {
    boolean ofList = state == FeedState.LIST;
    become(FeedState.BROKEN);
    newEpoch();
    failures++;
    listedSinceTrouble = false;
    boolean compacted = failure.kind() == EtcdFailure.Kind.COMPACTED;
    boolean nextMember = failure.isTransport() && failures < members;
    // No watch from the same revision on can be better; a list comes in pages.
    listNeeded |= failure.kind() == EtcdFailure.Kind.TOO_LARGE;
    if (ofList) {
      record.listFailed();
      if (!compacted) {
        relists.failed();
      }
      if (relists.keepFailing() || !(compacted || failure.isTransport())) {
        news.listFailed(failure.why());
      }
    }
    if (compacted) {
      record.compacted();
      compactionsInARow++;
      listNeeded = true;
    } else if (!nextMember) {
      news.unreachable(failure.why());
      // A watch that is back with the next try is no trouble, nor is a first answer that takes
      // long: a busy machine can need seconds for the first connection of a JVM.
      boolean again = failures > 1 || relists.keepFailing();
      if (again || (!listedOnce && failure.kind() != EtcdFailure.Kind.SILENT)) {
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
      news.nothingPlanned();
      state = FeedState.BROKEN;
      newEpoch();
    } finally {
      TaskLoop.Timer unused =
          loop.after(backoff.nextNanos(LONGEST_WAIT_NANOS), ifStill(this::resume));
    }
  }

  private void heard() {
    pulse.heard();
    record.heard();
    backoff.reset();
  }

  /** A connection to it failed or was lost. */
  void suspect(String hostPort) {
    loop.execute(() -> names.suspect(hostPort));
  }

  /** Hosts in doubt have been found, or found elsewhere, which has nothing to do with etcd. */
  private void moved(Set<String> affected) {
    if (isWell()) {
      news.changed(affected);
    } else if (listedOnce) {
      news.moved(affected);
    }
  }

  private final class Listed implements EtcdListing.Result {

    @Override
    public void page(List<EtcdEntry> entries) {
      directory.add(entries);
    }

    @Override
    public void listed(long revision) {
      record.listed(listedOnce);
      listing = null;
      directory.endList();
      names.plan();
      cursor = revision;
      listNeeded = false;
      relists.listed();
      if (listedOnce) {
        // What happened between the watch and the list was never told: ours may have gone.
        own.verifySoon();
      }
      listedOnce = true;
      listedSinceTrouble = true;
      news.listed();
      watch();
    }

    @Override
    public void failed(EtcdFailure failure) {
      broken(failure);
    }
  }

  private final class Pulse implements WatchPulse.Watched {

    @Override
    public void late() {
      news.unreachable("etcd is slow to answer, or stands still");
    }

    @Override
    public void signOfLife() {
      news.signOfLife();
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

  private final class Watched implements EtcdOperations.Watcher {

    @Override
    public void created(long revision) {
      if (revision < cursor) {
        // This etcd is younger than what we have seen: it was wiped, and would never tell us.
        news.unreachable("etcd has lost its data, and is filled again");
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
        news.tellNow();
        if (!listedSinceTrouble && !relists.keepFailing()) {
          // One that was wiped may be past our cursor again already: only a list would show it.
          relists.planAfterTrouble();
        }
      }
      if (!relists.keepFailing()) {
        trouble.ends(directory.prefix());
      }
    }

    @Override
    public void changed(List<EtcdEntry> entries, boolean more) {
      heard();
      Set<String> affected = new HashSet<>();
      boolean anyGone = false;
      for (EtcdEntry entry : entries) {
        // A revision of which a part is missing has to be had again.
        cursor = Math.max(cursor, more ? entry.revision() - 1 : entry.revision());
        affected.addAll(directory.apply(entry));
        own.seen(entry);
        anyGone |= entry.isDeleted();
      }
      stream.next();
      names.plan();
      news.changed(affected);
      if (anyGone && directory.isFull()) {
        relists.planWithRoom();
      }
    }

    @Override
    public void progressed() {
      pulse.answered();
      heard();
    }

    @Override
    public void ended(EtcdFailure failure) {
      broken(failure);
    }
  }
}
