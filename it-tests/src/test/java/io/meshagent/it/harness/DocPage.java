package io.meshagent.it.harness;

import io.meshagent.it.tools.Places;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** A page for people, cut into its blocks of code. Immutable. */
public final class DocPage {

  private static final String FENCE = "```";

  /**
   * A block between fences.
   *
   * @param info the word behind the opening fence
   * @param marks what stands in HTML comments directly above it
   */
  public record Block(int line, String info, String text, List<String> marks) {

    /** The rest of the mark that begins so, or null. */
    public String mark(String begin) {
      return marks.stream()
          .filter(mark -> mark.startsWith(begin))
          .map(mark -> mark.substring(begin.length()).replaceFirst("^:", "").trim())
          .findFirst()
          .orElse(null);
    }

    public boolean isMarked(String part) {
      return marks.stream().anyMatch(mark -> mark.contains(part));
    }
  }

  private final List<Block> blocks = new ArrayList<>();
  private final List<Integer> indented = new ArrayList<>();

  /**
   * @param name below the project's root
   */
  public DocPage(String name) {
    try {
      read(Files.readAllLines(Places.root().resolve(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(List<String> lines) {
    List<String> marks = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith(FENCE)) {
        int end = i + 1;
        while (!lines.get(end).equals(FENCE)) {
          end++;
        }
        String text = String.join("\n", lines.subList(i + 1, end));
        blocks.add(
            new Block(i + 1, line.substring(FENCE.length()).trim(), text, List.copyOf(marks)));
        i = end;
      } else if (line.startsWith("<!-- ") && line.endsWith(" -->")) {
        marks.add(line.substring(5, line.length() - 4));
        continue;
      } else if (line.startsWith("    ") && (i == 0 || lines.get(i - 1).isBlank())) {
        indented.add(i + 1);
      }
      marks.clear();
    }
  }

  public List<Block> blocks() {
    return List.copyOf(blocks);
  }

  /** Where a block begins that is set off by blanks, so that nobody knows what it is. */
  public List<Integer> indented() {
    return List.copyOf(indented);
  }
}
