package io.meshagent.core.registry.etcd.mirror;

import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import java.util.List;

/**
 * Who reads a prefix through an {@link EtcdMirror}, and alone keeps what it needs of it: a mirror
 * keeps nothing. Told on the loop of the mirror, in order: lists as a whole, changes one by one.
 * After anything that is thrown here everything is listed afresh, so nothing may count on what was
 * told halfway.
 */
public interface MirrorReader {

  /** A list begins. Until its end all that is known stays as it is. */
  void beginList();

  /** Some more of the entries that the list names. */
  void listed(List<EtcdEntry> page);

  /** The list was whole, at one revision: of what was known, that which it did not name is gone. */
  void endList();

  /**
   * A list would say what is known: etcd was asked, and nothing was missed.
   *
   * @param wanted whether a {@linkplain EtcdMirror#lookAgain look} was wanted
   */
  default void confirmed(boolean wanted) {}

  /** The list came to nothing. */
  void dropList();

  /** A key has another value than before, or none before. */
  void put(EtcdEntry entry);

  /** A key is gone. */
  void deleted(EtcdEntry entry);

  /**
   * These were all the changes that came together.
   *
   * @return whether there is anything to {@link #tell}
   */
  boolean endOfChanges();

  /**
   * The moment to pass on what has changed since the last such moment or list: at once after a
   * pause, else together with what else came within some milliseconds. Also said when there may be
   * nothing, after trouble: etcd is well.
   */
  void tell();

  /** What was late has come, and etcd is well; it changed nothing. */
  void answered();

  /** Etcd is away, or not itself. Said with each failed try, until {@link #tell} or a list. */
  void troubled(String why);

  /** A failure that people should know of. Said each time until {@link #wellAgain}. */
  default void failing(EtcdFailure failure) {}

  /** Etcd answers as it should. Said each time. */
  default void wellAgain() {}

  /** Whether something was left out for want of room, so that it comes in when others go. */
  default boolean isFull() {
    return false;
  }
}
