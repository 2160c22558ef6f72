package io.meshagent.bootstrap;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;

/**
 * Gives what is in the {@link LayerArchive} URLs, for the service loader and others that want one.
 */
final class LayerUrls extends URLStreamHandler {

  private final LayerArchive archive;
  private final URL root;

  LayerUrls(LayerArchive archive) throws MalformedURLException {
    this.archive = archive;
    this.root = new URL("mesh-agent", "", -1, "/", this);
  }

  /** By way of the root, because naming a handler takes a right; not all callers have it. */
  URL of(String name) throws MalformedURLException {
    return new URL(root, "/" + name);
  }

  @Override
  protected URLConnection openConnection(URL url) {
    return new URLConnection(url) {
      @Override
      public void connect() {
        connected = true;
      }

      @Override
      public InputStream getInputStream() throws IOException {
        byte[] bytes = archive.read(getURL().getPath().substring(1));
        if (bytes == null) {
          throw new FileNotFoundException(getURL().toString());
        }
        return new ByteArrayInputStream(bytes);
      }
    };
  }
}
