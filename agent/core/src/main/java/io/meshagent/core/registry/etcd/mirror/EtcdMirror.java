package io.meshagent.core.registry.etcd.mirror;

import io.meshagent.core.registry.FeedState;
import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.client.EtcdOperations;
import io.meshagent.core.registry.etcd.client.EtcdOperations.RangeResult;
import io.meshagent.core.registry.etcd.client.OnLoop;
import io.meshagent.core.registry.etcd.tally.RevisionCheck;
import io.meshagent.core.registry.etcd.tally.Tally;
import io.meshagent.core.run.GuardedLoop;
import io.meshagent.core.run.TaskLoop;
import java.util.List;

/**
 * Follows everything below a prefix of etcd for a {@link MirrorReader}: a list at one revision and
 * a watch from the next. A state machine on a loop; it knows keys and values, and nothing of what
 * they mean. A watch that ends or falls silent is rebuilt from our own cursor; if that revision is
 * gone or was never there (etcd was compacted, or wiped), everything is listed afresh: at once what
 * is small, and later what is large, with a watch from now on until then. Whether anything was
 * missed is asked every few minutes and after trouble, see {@link RevisionCheck}.
 *
 * <p>The cursor moves with events, and with such an answer when the watch has lived for some time
 * after it. Progress notices show that the watch lives and nothing more: some versions of etcd send
 * them ahead of events of an earlier revision.
 */
public final class EtcdMirror {

  private final EtcdOperations etcd;
  private final TaskLoop loop;
  private final String prefix;
  private final MirrorReader reader;
  private final Telling telling;
  private final RangeLimit pageSize = new RangeLimit();
  private final Tally tally = new Tally();
  private final WatchPulse pulse;
  private final Relists relists;
  private final Assurance assurance;
  private final MirrorRecord record;
  private final Troubles troubles;

  /** Volatile: written by the loop, read by {@link #state}. */
  private volatile FeedState state = FeedState.NEW;

  private long epoch;
  private long cursor;
  private boolean listNeeded = true;

  private EtcdOperations.Stream stream;
  private EtcdListing listing;

  /**
   * @param prefix ends in a slash
   */
  public EtcdMirror(MirroredEtcd source, String prefix, MirrorReader reader) {
    this.etcd = source.etcd();
    this.loop = new GuardedLoop(source.loop(), this::goOn);
    this.record = source.record();
    this.prefix = prefix;
    this.reader = reader;
    this.telling = new Telling(loop, reader, this::isWell);
    this.pulse = new WatchPulse(loop, source, new Pulse());
    this.relists = new Relists(loop, tally, () -> ifStill(this::look));
    this.assurance =
        new Assurance(
            new RevisionCheck(etcd, loop, prefix, tally, this::ifStill),
            pulse,
            relists,
            telling,
            this::missed);
    this.troubles = new Troubles(source.members(), reader, telling, relists, record);
  }

  /** Any thread. */
  public FeedState state() {
    return state;
  }

  /** For what the reader does beside: after a task that throws everything is listed afresh, too. */
  public TaskLoop loop() {
    return loop;
  }

  public void start() {
    loop.execute(this::list);
  }

  /** Nothing is told any more. */
  public void close() {
    loop.execute(
        () -> {
          if (state != FeedState.CLOSED) {
            become(FeedState.CLOSED);
            newEpoch();
          }
        });
  }

  /**
   * Reads everything afresh, or makes sure that it would be what is known: soon if nothing is
   * wrong, else as soon as that is over.
   */
  public void lookAgain() {
    loop.execute(
        () -> {
          assurance.want();
          if (state == FeedState.BROKEN) {
            listNeeded |= relists.isListDue();
          } else if (state == FeedState.WATCH && relists.isListDue()) {
            list();
          } else if (state == FeedState.WATCH && !listNeeded) {
            assurance.soon();
          }
        });
  }

  /** Whether etcd tells of changes as they come. On the loop. */
  public boolean isWell() {
    return state == FeedState.WATCH && !troubles.any();
  }

  /** The reader has something to {@linkplain MirrorReader#tell tell} of its own. On the loop. */
  public void tellSoon() {
    telling.soon();
  }

  private void become(FeedState next) {
    if (!loop.isOwn() || !state.next().contains(next)) {
      throw new IllegalStateException("mirror of " + prefix + ": " + state + " -> " + next);
    }
    state = next;
  }

  private void newEpoch() {
    epoch++;
    relists.cancel();
    pulse.end();
    assurance.cancel();
    if (listing != null) {
      listing.cancel();
      listing = null;
      reader.dropList();
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
    reader.beginList();
    tally.beginList();
    listing = new EtcdListing(etcd, loop, prefix, pageSize, new Listed());
    listing.begin();
  }

  private void watch() {
    become(FeedState.WATCH);
    newEpoch();
    relists.planNext(listNeeded);
    long asked = epoch;
    long from = listNeeded ? 0 : cursor + 1;
    stream = etcd.watch(prefix, from, new OnLoop(loop, () -> asked == epoch, new Watched()));
    pulse.begin(stream);
  }

  private void missed() {
    listNeeded = true;
    relists.planLate();
  }

  private void broken(EtcdFailure failure) {
    boolean ofList = state == FeedState.LIST;
    become(FeedState.BROKEN);
    tally.ended();
    newEpoch();
    // No watch from the same revision on can be better; a list comes in pages.
    listNeeded |=
        failure.kind() == EtcdFailure.Kind.COMPACTED
            || failure.kind() == EtcdFailure.Kind.TOO_LARGE;
    long wait = troubles.nextTryIn(failure, ofList);
    TaskLoop.Timer unused = loop.after(wait, ifStill(this::resume));
  }

  private void resume() {
    if (listNeeded && !relists.mayBeLate()) {
      list();
    } else {
      watch();
    }
  }

  private void look() {
    if (listNeeded || relists.isListDue()) {
      list();
    } else {
      assurance.begin(revision -> cursor = Math.max(cursor, revision));
    }
  }

  /** A step was left halfway: what it took in is read anew, at once. */
  private void goOn() {
    if (state == FeedState.CLOSED) {
      return;
    }
    try {
      listNeeded = true;
      tally.forget();
      telling.nothingPlanned();
      state = FeedState.BROKEN;
      newEpoch();
    } finally {
      TaskLoop.Timer unused = loop.after(troubles.nextTryIn(), ifStill(this::resume));
    }
  }

  private void heard() {
    pulse.heard();
    troubles.heard();
  }

  private final class Listed implements EtcdListing.Result {

    @Override
    public void page(RangeResult page) {
      tally.page(page.entries(), page.bytes());
      reader.listed(page.entries());
    }

    @Override
    public void listed(long revision) {
      tally.listed();
      troubles.listed();
      listing = null;
      assurance.listed();
      cursor = revision;
      listNeeded = false;
      telling.listed();
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
      reader.troubled("etcd is slow to answer, or stands still");
    }

    @Override
    public void signOfLife() {
      telling.answered();
    }

    @Override
    public void neverStood() {
      // Such a connection may take requests for ever: a member that hangs, a wire to nowhere.
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
      if (listNeeded) {
        cursor = revision;
      } else if (revision < cursor) {
        // This etcd is younger than what we have seen: it was wiped, and would never tell us.
        reader.troubled("etcd has lost its data, and is filled again");
        listNeeded = true;
        broken(new EtcdFailure(EtcdFailure.Kind.COMPACTED, "etcd has lost its data"));
        return;
      }
      heard();
      pulse.stands();
      boolean again = troubles.any();
      troubles.end();
      if (again) {
        record.rebuilt();
        telling.now();
        if (!troubles.listedSince() && !relists.keepFailing() && !listNeeded) {
          // One that was wiped may be past our cursor again already: only a list would show it.
          relists.planAfterTrouble();
        }
      }
      if (!relists.keepFailing()) {
        reader.wellAgain();
      }
    }

    @Override
    public void changed(List<EtcdEntry> entries, boolean more) {
      heard();
      boolean anyGone = false;
      for (EtcdEntry entry : entries) {
        tally.changed(entry, !more);
        // A revision of which a part is missing has to be had again.
        cursor = Math.max(cursor, more ? entry.revision() - 1 : entry.revision());
        if (entry.isDeleted()) {
          anyGone = true;
          reader.deleted(entry);
        } else {
          reader.put(entry);
        }
      }
      stream.next();
      if (reader.endOfChanges()) {
        telling.soon();
      }
      if (anyGone && reader.isFull()) {
        relists.planWithRoom();
      }
    }

    @Override
    public void progressed() {
      assurance.progressed();
      pulse.answered();
      heard();
    }

    @Override
    public void ended(EtcdFailure failure) {
      broken(failure);
    }
  }
}
