package io.meshagent.packing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/** Whether a pom says all that Maven Central asks for. Stateless. */
final class PomCheck {

  /** Where nothing is, by RFC 2606: what stands there has to be replaced by who publishes. */
  static final String PLACEHOLDER = "example.org";

  private static final List<String> ASKED_FOR =
      List.of(
          "groupId",
          "artifactId",
          "name",
          "description",
          "url",
          "licenses/license/name",
          "licenses/license/url",
          "developers/developer/name",
          "scm/connection",
          "scm/developerConnection",
          "scm/url");

  private static final List<String> NOT_WANTED = List.of("parent", "modules", "dependencies");

  private PomCheck() {}

  /** A sentence for each fault. */
  static List<String> wrong(Path pom, String version) throws IOException {
    List<String> wrong = new ArrayList<>();
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      Document document = factory.newDocumentBuilder().parse(pom.toFile());
      for (String path : ASKED_FOR) {
        if (at(document, path).isBlank()) {
          wrong.add("the pom has no " + path);
        }
      }
      if (!at(document, "version").equals(version)) {
        wrong.add("the pom is not of " + version);
      }
      for (String path : NOT_WANTED) {
        if (!at(document, path).isEmpty()) {
          wrong.add("the pom has " + path + ", which nobody could get");
        }
      }
      String text = document.getDocumentElement().getTextContent();
      if (text.contains("${") || text.contains("@")) {
        wrong.add("something in the pom was not filled in");
      }
      if (text.contains(PLACEHOLDER) && !version.endsWith("-SNAPSHOT")) {
        wrong.add("the pom of a release has placeholders at " + PLACEHOLDER);
      }
    } catch (ParserConfigurationException | SAXException | XPathExpressionException e) {
      wrong.add("the pom cannot be read: " + e.getMessage());
    }
    return wrong;
  }

  private static String at(Document pom, String path) throws XPathExpressionException {
    return XPathFactory.newInstance().newXPath().evaluate("/project/" + path, pom);
  }
}
