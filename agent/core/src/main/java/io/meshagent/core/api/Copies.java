package io.meshagent.core.api;

/**
 * Where copies of calls go beside the calls themselves, and who counts them. The same object for
 * all that go to the same instances. Thread-safe; returns at once.
 */
public interface Copies {

  /** What became of a copy. */
  enum End {
    /** The instance answered OK. */
    OK,
    /** It ended in any other way. */
    FAILED,
    /** Not sent: as many as are allowed were under way. */
    DROPPED,
    /** Not sent: no connection to a fitting instance was up. */
    NO_INSTANCE,
    /** Not sent: nobody knows how to read the message twice. */
    NOT_COPIED
  }

  /** Whether they may go to this instance. */
  boolean fit(Instance instance);

  /** One is about to be sent: takes a place until its {@link #end}, if there is one. */
  boolean begin();

  /** One that was begun is over. */
  void end(End how);

  /** One was not even begun. */
  void unsent(End why);
}
