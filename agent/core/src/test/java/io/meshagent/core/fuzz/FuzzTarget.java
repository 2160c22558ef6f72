package io.meshagent.core.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Something that decodes what others wrote. Made anew for each seed, so that a seed repeats. */
public interface FuzzTarget {

  /** What a good input looks like, in all its forms. */
  List<String> samples();

  /**
   * Feeds an input, and throws whatever is wrong with what became of it.
   *
   * @param folder for files, the target's own
   */
  void take(byte[] input, Random random, Path folder) throws IOException;

  /** Gives back what is held beyond one input. */
  default void end() {}
}
