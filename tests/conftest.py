"""Fixtures with names: an office with two clusters and three schools, a second office, and people who work there."""

import os
import tempfile

# Each test process has a home of its own; set before Django reads its settings.
os.environ["KHET_HOME"] = tempfile.mkdtemp(prefix="khet-test-")
os.environ.setdefault("KHET_SECOND_FACTOR", "0")

import pytest

from khet.core.accounts.models import User, system_user
from khet.core.accounts.services import grant_role
from khet.core.orgs.services import create_org


@pytest.fixture
def system(db):
    """Who acts from the command line."""
    return system_user()


@pytest.fixture
def ministry(system):
    return create_org("ministry", "TH", "กระทรวงสมมติ", by=system)


@pytest.fixture
def office(ministry, system):
    """An office with the clusters 'ต้นน้ำ' and 'ปลายน้ำ'."""
    return create_org("office", "90010000", "สพป.สมมติ เขต 1", ministry, by=system)


@pytest.fixture
def cluster(office, system):
    return create_org("cluster", "90010000-C1", "กลุ่มต้นน้ำ", office, by=system)


@pytest.fixture
def school(cluster, system):
    return create_org("school", "90010001", "บ้านริมธาร", cluster, by=system)


@pytest.fixture
def other_school(cluster, system):
    return create_org("school", "90010002", "บ้านเชิงเขา", cluster, by=system)


@pytest.fixture
def third_school(office, system):
    """Stands under the office itself, in no cluster."""
    return create_org("school", "90010003", "วัดป่าสมมติ", office, by=system)


@pytest.fixture
def stranger_office(ministry, system):
    return create_org("office", "91010000", "สพป.อื่น เขต 1", ministry, by=system)


@pytest.fixture
def stranger_school(stranger_office, system):
    return create_org("school", "91010001", "บ้านไกลตา", stranger_office, by=system)


@pytest.fixture
def someone(system):
    """Makes a user: someone("planner", office)."""
    made = []

    def make(role, org, username=None):
        name = username or f"{role}-{len(made) + 1}"
        user = User.objects.create_user(name, f"{name}@example.org", "a-long-password", full_name=name, org=org)
        grant_role(user, role, org, by=system)
        made.append(user)
        return user

    return make


@pytest.fixture
def administrator(someone, office):
    return someone("office_admin", office, "administrator")


@pytest.fixture
def director(someone, office):
    return someone("director", office, "director")


@pytest.fixture
def planner(someone, office):
    return someone("planner", office, "planner")


@pytest.fixture
def school_director(someone, school):
    return someone("school_director", school, "school_director")


@pytest.fixture
def stranger(someone, stranger_office):
    """A planner of another office."""
    return someone("planner", stranger_office, "stranger")
