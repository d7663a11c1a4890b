// The analysis module that the server zip on Maven Central lacks: the language analyzers of indexer/languages.py, and
// what the security index needs. The full server has them all under the same names, so never install this there.
package recollect.analysis;

import java.util.List;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.da.DanishAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.el.GreekAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.fi.FinnishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.hu.HungarianAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.no.NorwegianAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ro.RomanianAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.apache.lucene.analysis.sv.SwedishAnalyzer;
import org.apache.lucene.analysis.tr.TurkishAnalyzer;
import org.apache.lucene.analysis.email.UAX29URLEmailTokenizer;
import org.apache.lucene.analysis.miscellaneous.RemoveDuplicatesTokenFilter;
import org.apache.lucene.analysis.pattern.PatternCaptureGroupTokenFilter;
import org.elasticsearch.plugin.Inject;
import org.elasticsearch.plugin.NamedComponent;
import org.elasticsearch.plugin.analysis.AnalyzerFactory;
import org.elasticsearch.plugin.analysis.TokenFilterFactory;
import org.elasticsearch.plugin.analysis.TokenizerFactory;
import org.elasticsearch.plugin.settings.AnalysisSettings;
import org.elasticsearch.plugin.settings.BooleanSetting;
import org.elasticsearch.plugin.settings.ListSetting;

public final class Analysis {
    private Analysis() {}

    @NamedComponent("arabic")
    public static class Arabic implements AnalyzerFactory {
        @Override
        public Analyzer create() {
            return new ArabicAnalyzer();
        }
    }

    @NamedComponent("danish")
    public static class Danish implements AnalyzerFactory {
        @Override
        public Analyzer create() {
            return new DanishAnalyzer();
        }
    }

    @NamedComponent("dutch")
    public static class Dutch implements AnalyzerFactory {
        @Override
        public Analyzer create() {
            return new DutchAnalyzer();
        }
    }

    @NamedComponent("english")
    public static class English implements AnalyzerFactory {
        @Override
        public Analyzer create() {
            return new EnglishAnalyzer();
        }
    }

    @NamedComponent("finnish")
    public static class Finnish implements AnalyzerFactory {
        @Override
        public Analyzer create() {
            return new FinnishAnalyzer();
        }
    }

    @NamedComponent("french")
    public static class French implements AnalyzerFactory {
        @Override
        public Analyzer create() {
            return new FrenchAnalyzer();
        }
    }

    @NamedComponent("german")
    public static class German implements AnalyzerFactory {
        @Override
        public Analyzer create() {
            return new GermanAnalyzer();
        }
    }

    @NamedComponent("greek")
    public static class Greek implements AnalyzerFactory {
        @Override
        public Analyzer create() {
            return new GreekAnalyzer();
        }
    }

    @NamedComponent("hungarian")
    public static class Hungarian implements AnalyzerFactory {
        @Override
        public Analyzer create() {
            return new HungarianAnalyzer();
        }
    }

    @NamedComponent("italian")
    public static class Italian implements AnalyzerFactory {
        @Override
        public Analyzer create() {
            return new ItalianAnalyzer();
        }
    }

    @NamedComponent("norwegian")
    public static class Norwegian implements AnalyzerFactory {
        @Override
        public Analyzer create() {
            return new NorwegianAnalyzer();
        }
    }

    @NamedComponent("portuguese")
    public static class Portuguese implements AnalyzerFactory {
        @Override
        public Analyzer create() {
            return new PortugueseAnalyzer();
        }
    }

    @NamedComponent("romanian")
    public static class Romanian implements AnalyzerFactory {
        @Override
        public Analyzer create() {
            return new RomanianAnalyzer();
        }
    }

    @NamedComponent("russian")
    public static class Russian implements AnalyzerFactory {
        @Override
        public Analyzer create() {
            return new RussianAnalyzer();
        }
    }

    @NamedComponent("spanish")
    public static class Spanish implements AnalyzerFactory {
        @Override
        public Analyzer create() {
            return new SpanishAnalyzer();
        }
    }

    @NamedComponent("swedish")
    public static class Swedish implements AnalyzerFactory {
        @Override
        public Analyzer create() {
            return new SwedishAnalyzer();
        }
    }

    @NamedComponent("turkish")
    public static class Turkish implements AnalyzerFactory {
        @Override
        public Analyzer create() {
            return new TurkishAnalyzer();
        }
    }

    @NamedComponent("cjk")
    public static class Cjk implements AnalyzerFactory {
        @Override
        public Analyzer create() {
            return new CJKAnalyzer();
        }
    }

    @NamedComponent("uax_url_email")
    public static class UrlEmail implements TokenizerFactory {
        @Override
        public Tokenizer create() {
            return new UAX29URLEmailTokenizer();
        }
    }

    @NamedComponent("unique")
    public static class Unique implements TokenFilterFactory {
        @Override
        public TokenStream create(TokenStream input) {
            return new RemoveDuplicatesTokenFilter(input);
        }
    }

    @AnalysisSettings
    public interface PatternSettings {
        @ListSetting(path = "patterns")
        List<String> patterns();

        @BooleanSetting(path = "preserve_original", defaultValue = true)
        boolean preserveOriginal();
    }

    @NamedComponent("pattern_capture")
    public static class PatternCapture implements TokenFilterFactory {
        private final PatternSettings settings;

        @Inject
        public PatternCapture(PatternSettings settings) {
            this.settings = settings;
        }

        @Override
        public TokenStream create(TokenStream input) {
            Pattern[] patterns = settings.patterns().stream().map(Pattern::compile).toArray(Pattern[]::new);
            return new PatternCaptureGroupTokenFilter(input, settings.preserveOriginal(), patterns);
        }
    }
}
