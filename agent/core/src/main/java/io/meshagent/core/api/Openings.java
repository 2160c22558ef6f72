package io.meshagent.core.api;

/**
 * When channels may open connections, so that hundreds of instances that appear at once are not all
 * connected to in the same moment. One per JVM; thread-safe, returns at once.
 */
public interface Openings {

  /** Whoever asks may begin at once. */
  Openings AT_ONCE =
      new Openings() {
        @Override
        public boolean begin(Opening opening, boolean atOnce) {
          return true;
        }

        @Override
        public void end(Opening opening) {
          // Nobody waits.
        }
      };

  /**
   * Asks for a connection that is to be opened.
   *
   * @param atOnce whether calls depend on it: it is counted, and waits for nobody
   * @return whether it may begin now; if not, it is told when it may
   */
  boolean begin(Opening opening, boolean atOnce);

  /** It is open, has failed, or is not wanted any more. May be said again. */
  void end(Opening opening);

  /** A connection that is to be opened; known by its identity. */
  interface Opening {

    /** Its turn has come. On the thread of somebody else, who must not be kept. */
    void mayBegin();
  }
}
