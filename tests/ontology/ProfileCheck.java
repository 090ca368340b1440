import java.io.File;
import java.util.TreeSet;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.profiles.OWL2DLProfile;
import org.semanticweb.owlapi.profiles.OWLProfileViolation;

/** For each file: the number of axioms read, then one line for each way in which it is not OWL 2 DL, then an empty line. */
public class ProfileCheck {
    public static void main(String[] args) throws Exception {
        for (String name : args) {
            OWLOntology ontology =
                OWLManager.createOWLOntologyManager().loadOntologyFromOntologyDocument(new File(name));
            TreeSet<String> faults = new TreeSet<String>();
            for (OWLProfileViolation fault : new OWL2DLProfile().checkOntology(ontology).getViolations()) {
                faults.add(fault.toString().replace('\n', ' '));
            }
            System.out.println(ontology.getAxiomCount());
            for (String fault : faults) {
                System.out.println(fault);
            }
            System.out.println();
        }
    }
}
