package io.meshagent.packing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The bill of materials, as CycloneDX 1.5 has it: what is really in the jar. Names and versions are
 * those of Maven, in which there is nothing to escape.
 */
final class Sbom {

  private static final String AGENT = "pkg:maven/io.meshagent/mesh-agent@";

  private Sbom() {}

  /**
   * Writes it.
   *
   * @param time with an offset, in seconds
   */
  static String of(String version, String time, List<Library> inside, Licences licences)
      throws IOException {
    StringBuilder components = new StringBuilder();
    for (Library each : inside) {
      components.append(components.isEmpty() ? "" : ",").append(component(each, licences.of(each)));
    }
    String agent = AGENT + version + "?type=jar";
    String rest =
        """
          "version": 1,
          "metadata": {
            "timestamp": "%s",
            "component": {
              "type": "library",
              "bom-ref": "%s",
              "group": "io.meshagent",
              "name": "mesh-agent",
              "version": "%s",
              "licenses": [{"license": {"id": "Apache-2.0"}}],
              "purl": "%s"
            }
          },
          "components": [%s
          ],
          "dependencies": [
            {
              "ref": "%s",
              "dependsOn": [
        %s
              ]
            }
          ]
        }
        """
            .formatted(time, agent, version, agent, components, agent, references(inside));
    return """
        {
          "bomFormat": "CycloneDX",
          "specVersion": "1.5",
          "serialNumber": "urn:uuid:%s",
        %s"""
        .formatted(UUID.nameUUIDFromBytes(rest.getBytes(StandardCharsets.UTF_8)), rest);
  }

  private static String component(Library of, String licence) throws IOException {
    String licensed =
        licence.contains(" ")
            ? "\"expression\": \"" + licence + "\""
            : "\"license\": {\"id\": \"" + licence + "\"}";
    return """

            {
              "type": "library",
              "bom-ref": "%s",
              "group": "%s",
              "name": "%s",
              "version": "%s",
              "hashes": [{"alg": "SHA-256", "content": "%s"}],
              "licenses": [{%s}],
              "purl": "%s",
              "pedigree": {"notes": "Classes that the agent cannot reach are left out."}
            }"""
        .formatted(
            purl(of),
            of.group(),
            of.artifact(),
            of.version(),
            Checksum.of("SHA-256", Files.readAllBytes(of.file())),
            licensed,
            purl(of));
  }

  private static String references(List<Library> inside) {
    return inside.stream()
        .map(each -> "        \"" + purl(each) + "\"")
        .collect(Collectors.joining(",\n"));
  }

  static String purl(Library of) {
    return "pkg:maven/" + of.group() + "/" + of.artifact() + "@" + of.version() + "?type=jar";
  }
}
