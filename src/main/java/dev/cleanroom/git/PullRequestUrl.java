package dev.cleanroom.git;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Where a forge's page is on which a pull request from a pushed branch is opened. */
final class PullRequestUrl {
    private static final Pattern URL = Pattern.compile("https?://[^\\s\\p{Cntrl}]+");

    private PullRequestUrl() {}

    /**
     * @param words what the host said about the push: most forges name the page there
     * @return empty if it is no forge that we know and the host names no page of its own
     */
    static Optional<String> of(URI remote, String into, String branch, String words) {
        var host = remote.getHost().toLowerCase(Locale.ROOT);
        var page = remote.toString().replaceAll("(\\.git)?/*$", "");
        if (host.equals("github.com")
                || host.contains("gitea")
                || host.contains("forgejo")
                || host.equals("codeberg.org")) {
            var compared = page + "/compare/" + inPath(into) + "..." + inPath(branch);
            return Optional.of(host.equals("github.com") ? compared + "?expand=1" : compared);
        }
        if (host.contains("gitlab")) {
            return Optional.of(page + "/-/merge_requests/new?merge_request%5Bsource_branch%5D=" + encoded(branch));
        }
        if (host.equals("bitbucket.org")) {
            return Optional.of(page + "/pull-requests/new?source=" + encoded(branch));
        }
        return URL.matcher(words)
                .results()
                .map(MatchResult::group)
                .filter(url -> isOf(remote, url))
                .findFirst();
    }

    private static boolean isOf(URI remote, String url) {
        try {
            return remote.getHost().equalsIgnoreCase(new URI(url).getHost())
                    && url.matches(".*(/pull|/compare/|merge_requests).*");
        } catch (URISyntaxException noUrl) {
            return false;
        }
    }

    private static String inPath(String branch) {
        return encoded(branch).replace("%2F", "/");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
