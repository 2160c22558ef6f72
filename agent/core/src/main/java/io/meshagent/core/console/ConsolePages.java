package io.meshagent.core.console;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.meshagent.core.admin.AccessToken;
import io.meshagent.core.admin.Action;
import io.meshagent.core.admin.AdminPages;
import io.meshagent.core.admin.Page;
import io.meshagent.core.admin.PageReply;
import io.meshagent.core.console.mesh.MeshViews;
import io.meshagent.core.registry.etcd.EtcdUnavailable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the console serves: files, views of the mesh as JSON, and what changes documents. */
final class ConsolePages {

  private static final String JSON = "application/json; charset=utf-8";
  private static final Gson GSON = new Gson();

  private final MeshViews views;
  private final DocumentDesk desk;
  private final AccessToken token;
  private final Map<String, Object> about;

  /** The last that was made, and what it is of; null before the first. Guarded by this. */
  private PageReply overview;

  private long overviewOf;

  /**
   * @param about what the page says of the console itself
   */
  ConsolePages(MeshViews views, DocumentDesk desk, AccessToken token, Map<String, Object> about) {
    this.views = views;
    this.desk = desk;
    this.token = token;
    this.about = about;
  }

  /** What may be read, by path. */
  Map<String, Page> pages() {
    Map<String, Page> pages = new TreeMap<>();
    pages.put("/", AdminPages.file("console.html", "text/html; charset=utf-8"));
    pages.put("/page.css", AdminPages.file("page.css", "text/css; charset=utf-8"));
    pages.put("/console.css", AdminPages.file("console.css", "text/css; charset=utf-8"));
    for (String script : new String[] {"elements.js", "graph.js", "documents.js", "console.js"}) {
      pages.put("/" + script, AdminPages.file(script, "text/javascript; charset=utf-8"));
    }
    pages.put("/about", query -> json(200, about));
    pages.put("/overview", query -> overview(new Query(query)));
    pages.put(
        "/instances",
        query -> {
          Query asked = new Query(query);
          return json(200, views.instances(asked.text("of"), asked.text("wanted")));
        });
    pages.put("/programs", query -> json(200, views.programs(new Query(query).text("wanted"))));
    pages.put("/documents", query -> json(200, views.documents()));
    pages.put("/document", query -> document(new Query(query)));
    return pages;
  }

  /** What may be done, by path: all of it but the check by who has the token. */
  Map<String, Action> actions() {
    Map<String, Action> actions = new TreeMap<>();
    actions.put("/check", (said, body) -> draft(body, this::check));
    actions.put("/unlock", (said, body) -> allowed(said, () -> json(200, done(0))));
    actions.put("/write", (said, body) -> allowed(said, () -> draft(body, this::write)));
    actions.put("/delete", (said, body) -> allowed(said, () -> draft(body, this::delete)));
    return actions;
  }

  private static PageReply json(int status, Object facts) {
    return PageReply.of(status, JSON, GSON.toJson(facts) + "\n");
  }

  /** Nothing but its number where nothing has changed since the page asked last. */
  private PageReply overview(Query query) {
    long seen = query.number("since");
    return seen != 0 && seen == views.revision()
        ? json(200, Collections.singletonMap("revision", seen))
        : overview();
  }

  /** Made once for all who look before something changes. */
  private synchronized PageReply overview() {
    long now = views.revision();
    if (overview == null || overviewOf != now) {
      overview = json(200, views.overview());
      overviewOf = now;
    }
    return overview;
  }

  private PageReply document(Query query) {
    try {
      long before = query.number("before");
      Map<String, Object> found = desk.read(query.text("name"), before);
      if (found != null) {
        return json(200, found);
      }
      // That there was nothing before is no failure: so a document begins.
      return before > 0
          ? json(200, done(0))
          : PageReply.sentence(404, "There is no such document.");
    } catch (EtcdUnavailable e) {
      return unavailable(e);
    }
  }

  private static PageReply unavailable(EtcdUnavailable e) {
    return PageReply.sentence(502, "etcd did not do it: " + e.getMessage() + ".");
  }

  private interface Doing {
    PageReply run();
  }

  private PageReply allowed(String said, Doing doing) {
    return token.is(said)
        ? doing.run()
        : PageReply.sentence(
            401, "Only who has the token may change something; it is in " + token.file() + ".");
  }

  /** A document as somebody means to write it. */
  private static final class Draft {
    final String name;
    final String text;
    final String share;
    final long revision;

    Draft(JsonObject json) {
      this.name = text(json, "document");
      this.text = text(json, "text");
      this.share = text(json, "share");
      JsonElement seen = json.get("revision");
      this.revision = seen == null ? 0 : seen.getAsLong();
    }

    private static String text(JsonObject json, String name) {
      JsonElement value = json.get(name);
      return value == null ? "" : value.getAsString();
    }
  }

  private interface OnDraft {
    PageReply with(Draft draft) throws EtcdUnavailable;
  }

  private static PageReply draft(String body, OnDraft doing) {
    Draft draft;
    try {
      draft = new Draft(JsonParser.parseString(body).getAsJsonObject());
    } catch (JsonParseException
        | IllegalStateException
        | UnsupportedOperationException
        | NumberFormatException e) {
      return PageReply.sentence(
          400, "This takes a JSON object with document, text and revision: " + e.getMessage());
    }
    try {
      return doing.with(draft);
    } catch (EtcdUnavailable e) {
      return unavailable(e);
    }
  }

  private PageReply check(Draft draft) {
    return json(200, DocumentDesk.check(draft.name, draft.text, draft.share));
  }

  private PageReply write(Draft draft) throws EtcdUnavailable {
    List<String> problems = DocumentDesk.problems(draft.name, draft.text);
    if (!problems.isEmpty()) {
      return json(422, Collections.singletonMap("problems", problems));
    }
    long revision = desk.write(draft.name, draft.text, draft.revision);
    return revision == 0 ? meanwhile(draft) : json(200, done(revision));
  }

  private PageReply delete(Draft draft) throws EtcdUnavailable {
    return desk.delete(draft.name, draft.revision) ? json(200, done(0)) : meanwhile(draft);
  }

  private static Map<String, Object> done(long revision) {
    return Collections.singletonMap("revision", revision);
  }

  private static PageReply meanwhile(Draft draft) {
    return PageReply.sentence(
        409,
        "Somebody has changed document " + draft.name + " meanwhile; read it again, then write.");
  }
}
