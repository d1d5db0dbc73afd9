package dev.cleanroom.git;

import dev.cleanroom.outbound.Answer;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.MalformedURLException;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;

/** Lets JGit speak through {@link Remote}: its own connections, proxies, redirects and trust settings are not used. */
final class RemoteConnection implements HttpConnection {
    private static final int MAX_BODY = 64 << 20; // bytes of a push: it is in memory as a whole, thrice for a moment

    private final Remote remote;
    private final URI uri;
    private final Map<String, String> headers = new HashMap<>();
    private final ByteArrayOutputStream body = new Body(); // wants and haves, or the pack of a push
    private String method = "GET";
    private Optional<Answer> answer = Optional.empty();

    private static final class Body extends ByteArrayOutputStream {
        @Override
        public synchronized void write(int one) {
            check(1);
            super.write(one);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            check(length);
            super.write(bytes, offset, length);
        }

        private void check(int more) {
            if (count + more > MAX_BODY) {
                throw new ProblemException(
                        Kind.TOO_LARGE,
                        "git.push-too-large",
                        "These commits are larger than " + (MAX_BODY >> 20)
                                + " MiB together. Clone the project and push them from there.");
            }
        }
    }

    private RemoteConnection(Remote remote, URI uri) {
        this.remote = remote;
        this.uri = uri;
    }

    static HttpConnectionFactory to(Remote remote) {
        return new HttpConnectionFactory() {
            @Override
            public HttpConnection create(URL url) throws IOException {
                try {
                    return new RemoteConnection(remote, url.toURI());
                } catch (URISyntaxException malformed) {
                    throw new IOException(malformed);
                }
            }

            @Override
            public HttpConnection create(URL url, Proxy proxy) throws IOException {
                return create(url);
            }
        };
    }

    private Answer answer() throws IOException {
        if (answer.isEmpty()) {
            answer = Optional.of(remote.send(method, uri, headers, body.toByteArray()));
        }
        return answer.get();
    }

    @Override
    public void connect() throws IOException {
        answer();
    }

    @Override
    public int getResponseCode() throws IOException {
        return answer().status();
    }

    @Override
    public String getResponseMessage() throws IOException {
        return answer().reason();
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return answer().body();
    }

    @Override
    public OutputStream getOutputStream() {
        return body;
    }

    @Override
    public URL getURL() {
        try {
            return uri.toURL();
        } catch (MalformedURLException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Override
    public String getHeaderField(String name) {
        return answer.flatMap(it -> it.header(name)).orElse(null);
    }

    @Override
    public List<String> getHeaderFields(String name) {
        return answer.map(it -> it.headers().getOrDefault(name.toLowerCase(Locale.ROOT), List.of()))
                .orElse(List.of());
    }

    @Override
    public Map<String, List<String>> getHeaderFields() {
        return answer.map(Answer::headers).orElse(Map.of());
    }

    @Override
    public String getContentType() {
        return getHeaderField("content-type");
    }

    @Override
    public int getContentLength() {
        String length = getHeaderField("content-length");
        return length != null && length.matches("\\d{1,9}") ? Integer.parseInt(length) : -1;
    }

    @Override
    public void setRequestProperty(String name, String value) {
        headers.put(name, value);
    }

    @Override
    public void setRequestMethod(String name) {
        method = name;
    }

    @Override
    public String getRequestMethod() {
        return method;
    }

    @Override
    public void setDoOutput(boolean hasBody) {
        method = hasBody && method.equals("GET") ? "POST" : method;
    }

    @Override
    public boolean usingProxy() {
        return false;
    }

    @Override
    public void setUseCaches(boolean use) {
        // there are none
    }

    @Override
    public void setConnectTimeout(int millis) {
        // the budget's
    }

    @Override
    public void setReadTimeout(int millis) {
        // the budget's
    }

    @Override
    public void setInstanceFollowRedirects(boolean follow) {
        // never
    }

    @Override
    public void setFixedLengthStreamingMode(int length) {
        // the length is known when the body is whole
    }

    @Override
    public void setChunkedStreamingMode(int chunk) {
        // the length is known when the body is whole
    }

    @Override
    public void configure(KeyManager[] keys, TrustManager[] trust, SecureRandom random) {
        throw new UnsupportedOperationException("TLS is always verified");
    }

    @Override
    public void setHostnameVerifier(HostnameVerifier verifier) {
        throw new UnsupportedOperationException("TLS is always verified");
    }
}
