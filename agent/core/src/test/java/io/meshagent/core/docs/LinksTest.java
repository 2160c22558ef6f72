package io.meshagent.core.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** No link inside the docs is dead. Those to other places are not looked at. */
class LinksTest {

  private static final Pattern LINK = Pattern.compile("\\[[^\\]\\[]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern NAMED_PAGE = Pattern.compile("`(agent/docs/[\\w/.-]+)`");
  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```[ ]*$");
  private static final Pattern CODE = Pattern.compile("`[^`\n]*`");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?)\\s*$");

  @Test
  void every_link_leads_to_a_file_and_a_heading() {
    List<String> dead = new ArrayList<>();
    int links = 0;
    for (Path page : Pages.all()) {
      String prose = CODE.matcher(withoutBlocks(page)).replaceAll("code");
      Matcher link = LINK.matcher(prose);
      while (link.find()) {
        String to = link.group(1);
        if (!to.matches("[a-z]+:.*")) {
          links++;
          if (!leadsSomewhere(page, to)) {
            dead.add(Pages.name(page) + ": " + to);
          }
        }
      }
    }
    assertThat(dead).as("dead links").isEmpty();
    assertThat(links).isGreaterThan(100);
  }

  @Test
  void every_page_that_is_named_is_there() {
    List<String> missing = new ArrayList<>();
    for (Path page : Pages.all()) {
      Matcher named = NAMED_PAGE.matcher(withoutBlocks(page));
      while (named.find()) {
        if (!Files.exists(Pages.ROOT.resolve(named.group(1)))) {
          missing.add(Pages.name(page) + ": " + named.group(1));
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void every_page_is_linked_from_the_readme_or_from_a_page_that_is() {
    Set<Path> reached = new HashSet<>();
    follow(Pages.ROOT.resolve("README.md"), reached);
    assertThat(Pages.forUsers()).as("pages that nobody finds").allMatch(reached::contains);
  }

  private static void follow(Path page, Set<Path> reached) {
    if (!page.toString().endsWith(".md") || !Files.exists(page) || !reached.add(page)) {
      return;
    }
    Matcher link = LINK.matcher(withoutBlocks(page));
    while (link.find()) {
      String to = link.group(1).replaceAll("#.*", "");
      if (!to.isEmpty() && !to.contains(":")) {
        follow(page.resolveSibling(to).normalize(), reached);
      }
    }
  }

  private static boolean leadsSomewhere(Path page, String to) {
    int hash = to.indexOf('#');
    String file = hash < 0 ? to : to.substring(0, hash);
    Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
    if (!target.startsWith(Pages.ROOT) || !Files.exists(target)) {
      return false;
    }
    return hash < 0
        || (target.toString().endsWith(".md") && anchors(target).contains(to.substring(hash + 1)));
  }

  /** As GitHub makes them of headings. */
  private static Set<String> anchors(Path page) {
    Set<String> anchors = new HashSet<>();
    Map<String, Integer> same = new HashMap<>();
    Matcher heading = HEADING.matcher(withoutBlocks(page));
    while (heading.find()) {
      String text = heading.group(1).replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1");
      String anchor =
          text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
      int before = same.merge(anchor, 1, Integer::sum) - 1;
      anchors.add(before == 0 ? anchor : anchor + "-" + before);
    }
    return anchors;
  }

  private static String withoutBlocks(Path page) {
    return FENCED.matcher(Pages.text(page)).replaceAll("");
  }
}
