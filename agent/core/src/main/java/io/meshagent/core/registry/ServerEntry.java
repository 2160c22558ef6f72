package io.meshagent.core.registry;

import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Instance.Metadata;
import io.meshagent.core.run.TaskLoop;
import java.util.Map;
import java.util.TreeMap;

/**
 * One service of one server of ours: published, announced as leaving, withdrawn. Confined to the
 * registrar's loop.
 *
 * <p>An entry is never deleted without a word: clients trust a removal that was announced, and
 * doubt others.
 */
public final class ServerEntry {

  private final String service;
  private final Registry registry;
  private final TaskLoop loop;
  private final Runnable onChange;

  /** As it was last told. */
  private Instance instance;

  private EntryState state = EntryState.HELD;
  private boolean everPublished;
  private long announcedAt;
  private long plannedAfterNanos;
  private TaskLoop.Timer withdrawal = TaskLoop.Timer.NONE;

  /**
   * @param onChange run after each change of the state
   */
  public ServerEntry(
      String service, Instance instance, Registry registry, TaskLoop loop, Runnable onChange) {
    this.service = service;
    this.instance = instance;
    this.registry = registry;
    this.loop = loop;
    this.onChange = onChange;
  }

  public String service() {
    return service;
  }

  public EntryState state() {
    return state;
  }

  public void publish() {
    if (state != EntryState.PUBLISHED) {
      withdrawal.cancel();
      everPublished = true;
      registry.register(service, instance);
      become(EntryState.PUBLISHED);
    }
  }

  /** The same instance has something else to say of itself. */
  public void tell(Instance changed) {
    instance = changed;
    if (state == EntryState.PUBLISHED) {
      registry.register(service, instance);
    }
  }

  /**
   * Announces that it leaves and withdraws it later; of two such times the earlier one counts.
   *
   * @param withdrawAfterNanos from the announcement on
   */
  public void leave(long withdrawAfterNanos) {
    if (state == EntryState.HELD) {
      become(EntryState.WITHDRAWN);
    } else if (state == EntryState.PUBLISHED) {
      announcedAt = loop.nanoTime();
      registry.register(service, announced());
      withdrawAfter(withdrawAfterNanos);
      become(EntryState.DRAINING);
    } else if (state == EntryState.DRAINING && withdrawAfterNanos < plannedAfterNanos) {
      withdrawal.cancel();
      withdrawAfter(withdrawAfterNanos);
    }
  }

  private void withdrawAfter(long nanosFromAnnouncement) {
    plannedAfterNanos = nanosFromAnnouncement;
    withdrawal = loop.after(nanosFromAnnouncement - announcedFor(), this::withdraw);
  }

  private Instance announced() {
    Map<String, String> facts = new TreeMap<>(instance.metadata());
    facts.put(Metadata.DRAINING, "true");
    return new Instance(instance.host(), instance.port(), instance.address(), facts);
  }

  private void withdraw() {
    if (state == EntryState.DRAINING) {
      registry.withdraw(service, instance);
      become(EntryState.WITHDRAWN);
    }
  }

  private long announcedFor() {
    return loop.nanoTime() - announcedAt;
  }

  /** How long from now calls for it have to be answered, if clients take so long to see it go. */
  public long neededNanos(long delayNanos) {
    if (!everPublished) {
      return 0;
    }
    return state == EntryState.PUBLISHED ? delayNanos : delayNanos - announcedFor();
  }

  private void become(EntryState following) {
    if (!loop.isOwn() || !state.next().contains(following)) {
      throw new IllegalStateException(service + ": " + state + " -> " + following);
    }
    state = following;
    onChange.run();
  }
}
